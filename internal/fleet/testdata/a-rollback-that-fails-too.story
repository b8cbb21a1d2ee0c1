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
Tue 10:15:15 asha: RollingBack pods of Release glific-2 did not all become ready within 5m0s: pods of Release glific-2 are not ready; Release glific-1 is brought back
Tue 10:25:15 asha: Finished Release glific-2 was NeverHealthy, and Release glific-1, brought back, did not become ready either: pods of Release glific-1 are not ready
Tue 10:25:20 stable: asha: NeverHealthy on Release glific-2
Tue 10:25:20 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Tue 13:00:00 *: Git says release: glific-3
Tue 13:00:00 stable: Release glific-2 is superseded by glific-3
Tue 13:00:00 stable: wave canary opens
Tue 13:00:00 stable: wave canary: slots for asha
Tue 13:00:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 13:00:00 asha: Preflight Release glific-3 is let in
Tue 13:00:05 asha: Deploying pods of Release glific-3 are asked for
Tue 13:00:15 asha: Converging pods of Release glific-3 are not ready
Tue 13:01:05 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 13:06:05 asha: Probing it held; now it is asked as its users ask
Tue 13:06:10 asha: Finished Release glific-3 is verified
Tue 13:06:15 stable: asha: Verified on Release glific-3
Tue 13:06:15 stable: wave canary is through and soaks for 2h0m0s
Tue 13:06:15 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 15:06:15 stable: wave rest opens
Tue 15:06:15 stable: wave rest: slots for bhumi, sneha
Tue 15:06:15 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Tue 15:06:15 bhumi: Preflight Release glific-3 is let in
Tue 15:06:15 sneha: Preflight Release glific-3 is let in
Tue 15:06:20 bhumi: Deploying pods of Release glific-3 are asked for
Tue 15:06:20 sneha: Deploying pods of Release glific-3 are asked for
Tue 15:06:30 bhumi: Converging pods of Release glific-3 are not ready
Tue 15:06:30 sneha: Converging pods of Release glific-3 are not ready
Tue 15:07:20 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:07:20 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:12:20 bhumi: Probing it held; now it is asked as its users ask
Tue 15:12:20 sneha: Probing it held; now it is asked as its users ask
Tue 15:12:25 bhumi: Finished Release glific-3 is verified
Tue 15:12:25 sneha: Finished Release glific-3 is verified
Tue 15:12:30 stable: bhumi: Verified on Release glific-3
Tue 15:12:30 stable: sneha: Verified on Release glific-3
Tue 15:12:30 stable: wave rest: slots for udaan, goonj
Tue 15:12:30 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Tue 15:12:30 goonj: Preflight Release glific-3 is let in
Tue 15:12:30 udaan: Preflight Release glific-3 is let in
Tue 15:12:35 goonj: Deploying pods of Release glific-3 are asked for
Tue 15:12:35 udaan: Deploying pods of Release glific-3 are asked for
Tue 15:12:45 goonj: Converging pods of Release glific-3 are not ready
Tue 15:12:45 udaan: Converging pods of Release glific-3 are not ready
Tue 15:13:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:13:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:18:35 goonj: Probing it held; now it is asked as its users ask
Tue 15:18:35 udaan: Probing it held; now it is asked as its users ask
Tue 15:18:40 goonj: Finished Release glific-3 is verified
Tue 15:18:40 udaan: Finished Release glific-3 is verified
Tue 15:18:45 stable: udaan: Verified on Release glific-3
Tue 15:18:45 stable: goonj: Verified on Release glific-3
Tue 15:18:45 stable: wave rest: slots for pratham
Tue 15:18:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Tue 15:18:45 pratham: Preflight Release glific-3 is let in
Tue 15:18:50 pratham: Deploying pods of Release glific-3 are asked for
Tue 15:19:00 pratham: Converging pods of Release glific-3 are not ready
Tue 15:19:50 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 15:24:50 pratham: Probing it held; now it is asked as its users ask
Tue 15:24:55 pratham: Finished Release glific-3 is verified
Tue 15:25:00 stable: pratham: Verified on Release glific-3
Tue 15:25:00 stable: Release glific-3 is verified by 6 Organisations
Tue 15:25:00 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 3 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
