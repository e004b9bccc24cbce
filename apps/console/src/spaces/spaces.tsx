import { Route, Switch } from 'wouter'
import { SpacePage } from './space-page.tsx'
import { SpaceTable } from './space-table.tsx'

/** The spaces: all of them, or one at its address. */
export default function Spaces() {
  return (
    <Switch>
      <Route path="/spaces/:space">{({ space }) => <SpacePage key={space} name={space} />}</Route>
      <Route>
        <SpaceTable />
      </Route>
    </Switch>
  )
}
