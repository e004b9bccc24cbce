import { useTranslations } from 'use-intl'
import { Redirect, Route, Switch } from 'wouter'
import { PartLinks } from '../controls/part-links.tsx'
import { useMay } from '../service/may.ts'
import { Missing } from '../states/states.tsx'
import { Users } from '../users/users.tsx'
import { Documents } from '../versions/documents.tsx'
import { Versions } from '../versions/versions.tsx'
import { CacheManagement } from './cache-management.tsx'
import { Configuration } from './configuration.tsx'

/** The settings: one part at each address. */
export default function Settings() {
  const t = useTranslations('settings')
  const people = useTranslations('users')
  const versions = useTranslations('versions')
  const may = useMay()
  const parts = [
    { path: '/settings', needs: 'cacheDetails', text: t('cache'), view: CacheManagement },
    { path: '/settings/users', needs: 'users', text: people('users'), view: Users },
    { path: '/settings/versions', needs: 'settingVersions', text: versions('title'), view: Versions },
    { path: '/settings/documents', needs: 'documentList', text: versions('documents'), view: Documents },
    { path: '/settings/configuration', needs: 'configTables', text: t('configuration'), view: Configuration },
  ] as const
  const shown = parts.filter(({ needs }) => may(needs))
  const [first] = shown
  return (
    <>
      <PartLinks label={t('parts')} links={shown.map(({ path, text }) => [path, text])} />
      <Switch>
        {shown.map(({ path, view: View }) => (
          <Route key={path} path={path}>
            <View />
          </Route>
        ))}
        {first !== undefined && (
          <Route path="/settings">
            <Redirect to={first.path} replace />
          </Route>
        )}
        <Route>
          <Missing />
        </Route>
      </Switch>
    </>
  )
}
