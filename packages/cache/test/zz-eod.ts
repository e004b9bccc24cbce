import { endOfDay } from '@reprise/cache'
function localDay(zone: string, t: number) { return new Intl.DateTimeFormat('en-CA',{timeZone:zone,year:'numeric',month:'2-digit',day:'2-digit'}).format(t) }
function trueEnd(zone:string, now:number){ const d=localDay(zone,now); let lo=now, hi=now; while(localDay(zone,hi)===d) hi+=3600_000; lo=hi-3600_000; while(hi-lo>1){const mid=Math.floor((lo+hi)/2); if(localDay(zone,mid)===d) lo=mid; else hi=mid} return hi }
const zones=['Asia/Shanghai','America/New_York','Europe/Berlin','America/Sao_Paulo','Africa/Cairo','America/Havana','Asia/Beirut','Pacific/Apia','Australia/Lord_Howe','Asia/Kathmandu','UTC','America/Santiago','Asia/Tehran','Pacific/Kiritimati']
let bad=0
for(const z of zones){ const r=endOfDay(z,{minimum:0}); for(let y of [2011,2018,2023,2024,2026]) for(let t=Date.UTC(y,0,1);t<Date.UTC(y+1,0,1);t+=3*3600_000+1234567){ const a=r.endsAt(t), b=trueEnd(z,t); if(a!==b){bad++; if(bad<15)console.log(z,new Date(t).toISOString(),'got',new Date(a).toISOString(),'want',new Date(b).toISOString())} } }
console.log('bad',bad)
