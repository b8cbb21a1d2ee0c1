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
Tue 10:16:50 asha: Finished Release glific-1 serves again; Release glific-2 was Unhealthy: Release glific-2 became ready and did not stay healthy: the websocket refused Origin https://asha.org; Release glific-1 is brought back
Tue 10:16:55 stable: asha: RolledBack on Release glific-2
Tue 10:16:55 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Tue 13:00:00 *: Git says release: glific-3
Tue 13:00:00 stable: Release glific-2 is superseded by glific-3
Tue 13:00:00 stable: wave canary opens
Tue 13:00:00 stable: wave canary: slots for asha
Tue 13:00:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 13:00:00 asha: Preflight Release glific-3 is let in
Tue 13:00:05 asha: Deploying pods of Release glific-3 are asked for
Tue 13:00:15 asha: Converging pods of Release glific-3 are not ready
Tue 13:00:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 13:05:45 asha: Probing it held; now it is asked as its users ask
Tue 13:05:50 asha: Finished Release glific-3 is verified
Tue 13:05:55 stable: asha: Verified on Release glific-3
Tue 13:05:55 stable: wave canary is through and soaks for 2h0m0s
Tue 13:05:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 15:05:55 stable: wave rest opens
Tue 15:05:55 stable: wave rest: slots for bhumi, sneha
Tue 15:05:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Tue 15:05:55 bhumi: Preflight Release glific-3 is let in
Tue 15:05:55 sneha: Preflight Release glific-3 is let in
Tue 15:06:00 bhumi: Deploying pods of Release glific-3 are asked for
Tue 15:06:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 15:06:10 bhumi: Converging pods of Release glific-3 are not ready
Tue 15:06:10 sneha: Converging pods of Release glific-3 are not ready
Tue 15:06:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:11:40 bhumi: Probing it held; now it is asked as its users ask
Tue 15:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 15:11:45 bhumi: Finished Release glific-3 is verified
Tue 15:11:45 sneha: Finished Release glific-3 is verified
Tue 15:11:50 stable: bhumi: Verified on Release glific-3
Tue 15:11:50 stable: sneha: Verified on Release glific-3
Tue 15:11:50 stable: wave rest: slots for udaan, goonj
Tue 15:11:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Tue 15:11:50 goonj: Preflight Release glific-3 is let in
Tue 15:11:50 udaan: Preflight Release glific-3 is let in
Tue 15:11:55 goonj: Deploying pods of Release glific-3 are asked for
Tue 15:11:55 udaan: Deploying pods of Release glific-3 are asked for
Tue 15:12:05 goonj: Converging pods of Release glific-3 are not ready
Tue 15:12:05 udaan: Converging pods of Release glific-3 are not ready
Tue 15:12:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:12:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:17:35 goonj: Probing it held; now it is asked as its users ask
Tue 15:17:35 udaan: Probing it held; now it is asked as its users ask
Tue 15:17:40 goonj: Finished Release glific-3 is verified
Tue 15:17:40 udaan: Finished Release glific-3 is verified
Tue 15:17:45 stable: udaan: Verified on Release glific-3
Tue 15:17:45 stable: goonj: Verified on Release glific-3
Tue 15:17:45 stable: wave rest: slots for pratham
Tue 15:17:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Tue 15:17:45 pratham: Preflight Release glific-3 is let in
Tue 15:17:50 pratham: Deploying pods of Release glific-3 are asked for
Tue 15:18:00 pratham: Converging pods of Release glific-3 are not ready
Tue 15:18:30 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:23:30 pratham: Probing it held; now it is asked as its users ask
Tue 15:23:35 pratham: Finished Release glific-3 is verified
Tue 15:23:40 stable: pratham: Verified on Release glific-3
Tue 15:23:40 stable: Release glific-3 is verified by 6 Organisations
Tue 15:23:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 3 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
