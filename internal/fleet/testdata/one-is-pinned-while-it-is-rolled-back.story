Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Probing 1 of 3 looks in a row: the websocket refused Origin https://asha.org
Tue 10:16:00 asha: RollingBack Release glific-2 became ready and did not stay healthy: the websocket refused Origin https://asha.org; Release glific-1 is brought back
Tue 10:16:15 *: asha is pinned to glific-1
Tue 10:16:15 asha: Finished Release glific-2 was Unhealthy; bringing Release glific-1 back was given up: spec.release.name is glific-1
Tue 10:16:20 stable: asha: Unhealthy on Release glific-2
Tue 10:16:20 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Tue 16:00:00 *: Git says release: glific-3
Tue 16:00:00 stable: Release glific-2 is superseded by glific-3
Tue 16:00:00 stable: wave canary opens
Tue 16:00:00 stable: wave rest opens
Tue 16:00:00 stable: wave rest: slots for bhumi
Tue 16:00:00 stable: = RollingOut - update of wave rest: 0 of 5 serve Release glific-3; 1 Organisation in flight; it does not reach 1 Organisation: see status.unreached
Tue 16:00:00 bhumi: Preflight Release glific-3 is let in
Tue 16:00:05 bhumi: Deploying pods of Release glific-3 are asked for
Tue 16:00:15 bhumi: Converging pods of Release glific-3 are not ready
Tue 16:00:45 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 16:05:45 bhumi: Probing it held; now it is asked as its users ask
Tue 16:05:50 bhumi: Finished Release glific-3 is verified
Tue 16:05:55 stable: bhumi: Verified on Release glific-3
Tue 16:05:55 stable: wave rest: slots for sneha, udaan
Tue 16:05:55 stable: = RollingOut - update of wave rest: 1 of 5 serve Release glific-3; 2 Organisations in flight; it does not reach 1 Organisation: see status.unreached
Tue 16:05:55 sneha: Preflight Release glific-3 is let in
Tue 16:05:55 udaan: Preflight Release glific-3 is let in
Tue 16:06:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 16:06:00 udaan: Deploying pods of Release glific-3 are asked for
Tue 16:06:10 sneha: Converging pods of Release glific-3 are not ready
Tue 16:06:10 udaan: Converging pods of Release glific-3 are not ready
Tue 16:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 16:06:40 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 16:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 16:11:40 udaan: Probing it held; now it is asked as its users ask
Tue 16:11:45 sneha: Finished Release glific-3 is verified
Tue 16:11:45 udaan: Finished Release glific-3 is verified
Tue 16:11:50 stable: sneha: Verified on Release glific-3
Tue 16:11:50 stable: udaan: Verified on Release glific-3
Tue 16:11:50 stable: wave rest: slots for goonj, pratham
Tue 16:11:50 stable: = RollingOut - update of wave rest: 3 of 5 serve Release glific-3; 2 Organisations in flight; it does not reach 1 Organisation: see status.unreached
Tue 16:11:50 goonj: Preflight Release glific-3 is let in
Tue 16:11:50 pratham: Preflight Release glific-3 is let in
Tue 16:11:55 goonj: Deploying pods of Release glific-3 are asked for
Tue 16:11:55 pratham: Deploying pods of Release glific-3 are asked for
Tue 16:12:05 goonj: Converging pods of Release glific-3 are not ready
Tue 16:12:05 pratham: Converging pods of Release glific-3 are not ready
Tue 16:12:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 16:12:35 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 16:17:35 goonj: Probing it held; now it is asked as its users ask
Tue 16:17:35 pratham: Probing it held; now it is asked as its users ask
Tue 16:17:40 goonj: Finished Release glific-3 is verified
Tue 16:17:40 pratham: Finished Release glific-3 is verified
Tue 16:17:45 stable: goonj: Verified on Release glific-3
Tue 16:17:45 stable: pratham: Verified on Release glific-3
Tue 16:17:45 stable: Release glific-3 is verified by 5 Organisations
Tue 16:17:45 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 5 Organisations; it does not reach 1 Organisation: see status.unreached

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-1, Unhealthy glific-2; pods replaced 2 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
