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
Tue 10:15:15 asha: Finished pods of Release glific-2 did not all become ready within 5m0s: pods of Release glific-2 are not ready
Tue 10:15:20 stable: asha: NeverHealthy on Release glific-2
Tue 10:15:20 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Tue 12:00:00 *: asha goes to another channel
Tue 13:00:00 *: asha is deleted
Tue 13:00:00 stable: wave rest opens
Tue 13:00:00 stable: wave rest: slots for sneha
Tue 13:00:00 stable: = RollingOut - update of wave rest: 0 of 5 serve Release glific-2; 1 Organisation in flight
Tue 13:00:00 sneha: Preflight Release glific-2 is let in
Tue 13:00:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 13:00:15 sneha: Converging pods of Release glific-2 are not ready
Tue 13:00:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:05:45 sneha: Probing it held; now it is asked as its users ask
Tue 13:05:50 sneha: Finished Release glific-2 is verified
Tue 13:05:55 stable: sneha: Verified on Release glific-2
Tue 13:05:55 stable: wave rest: slots for goonj, pratham
Tue 13:05:55 stable: = RollingOut - update of wave rest: 1 of 5 serve Release glific-2; 2 Organisations in flight
Tue 13:05:55 goonj: Preflight Release glific-2 is let in
Tue 13:05:55 pratham: Preflight Release glific-2 is let in
Tue 13:06:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 13:06:00 pratham: Deploying pods of Release glific-2 are asked for
Tue 13:06:10 goonj: Converging pods of Release glific-2 are not ready
Tue 13:06:10 pratham: Converging pods of Release glific-2 are not ready
Tue 13:06:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:06:40 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:11:40 goonj: Probing it held; now it is asked as its users ask
Tue 13:11:40 pratham: Probing it held; now it is asked as its users ask
Tue 13:11:45 goonj: Finished Release glific-2 is verified
Tue 13:11:45 pratham: Finished Release glific-2 is verified
Tue 13:11:50 stable: goonj: Verified on Release glific-2
Tue 13:11:50 stable: pratham: Verified on Release glific-2
Tue 13:11:50 stable: wave rest: slots for bhumi, udaan
Tue 13:11:50 stable: = RollingOut - update of wave rest: 3 of 5 serve Release glific-2; 2 Organisations in flight
Tue 13:11:50 bhumi: Preflight Release glific-2 is let in
Tue 13:11:50 udaan: Preflight Release glific-2 is let in
Tue 13:11:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 13:11:55 udaan: Deploying pods of Release glific-2 are asked for
Tue 13:12:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 13:12:05 udaan: Converging pods of Release glific-2 are not ready
Tue 13:12:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:12:35 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:17:35 bhumi: Probing it held; now it is asked as its users ask
Tue 13:17:35 udaan: Probing it held; now it is asked as its users ask
Tue 13:17:40 bhumi: Finished Release glific-2 is verified
Tue 13:17:40 udaan: Finished Release glific-2 is verified
Tue 13:17:45 stable: bhumi: Verified on Release glific-2
Tue 13:17:45 stable: udaan: Verified on Release glific-2
Tue 13:17:45 stable: Release glific-2 is verified by 5 Organisations
Tue 13:17:45 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 5 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-1, gone; pods replaced 1 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
