Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-3 and expedite
Tue 10:10:00 stable: the rollout of Release glific-3 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - hurried (messages are lost) update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-3 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-3 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-3 are not ready
Tue 10:15:15 asha: Finished pods of Release glific-3 did not all become ready within 5m0s: pods of Release glific-3 are not ready
Tue 10:15:20 stable: asha: NeverHealthy on Release glific-3
Tue 10:15:20 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-3, or name another release
Tue 11:00:00 *: a person annotates asha: tenancy.glific.org/set-aside=glific-3
Tue 11:00:00 stable: wave rest opens
Tue 11:00:00 stable: wave rest: slots for bhumi
Tue 11:00:00 stable: = RollingOut - hurried (messages are lost) update of wave rest: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 11:00:00 bhumi: Preflight Release glific-3 is let in
Tue 11:00:05 bhumi: Deploying pods of Release glific-3 are asked for
Tue 11:00:15 bhumi: Converging pods of Release glific-3 are not ready
Tue 11:00:45 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 11:05:45 bhumi: Probing it held; now it is asked as its users ask
Tue 11:05:50 bhumi: Finished Release glific-3 is verified
Tue 11:05:55 stable: bhumi: Verified on Release glific-3
Tue 11:05:55 stable: wave rest: slots for sneha, udaan, goonj, pratham
Tue 11:05:55 stable: = RollingOut - hurried (messages are lost) update of wave rest: 1 of 6 serve Release glific-3; 4 Organisations in flight
Tue 11:05:55 goonj: Preflight Release glific-3 is let in
Tue 11:05:55 pratham: Preflight Release glific-3 is let in
Tue 11:05:55 sneha: Preflight Release glific-3 is let in
Tue 11:05:55 udaan: Preflight Release glific-3 is let in
Tue 11:06:00 goonj: Deploying pods of Release glific-3 are asked for
Tue 11:06:00 pratham: Deploying pods of Release glific-3 are asked for
Tue 11:06:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 11:06:00 udaan: Deploying pods of Release glific-3 are asked for
Tue 11:06:10 goonj: Converging pods of Release glific-3 are not ready
Tue 11:06:10 pratham: Converging pods of Release glific-3 are not ready
Tue 11:06:10 sneha: Converging pods of Release glific-3 are not ready
Tue 11:06:10 udaan: Converging pods of Release glific-3 are not ready
Tue 11:06:40 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 11:06:40 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 11:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 11:06:40 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 11:11:40 goonj: Probing it held; now it is asked as its users ask
Tue 11:11:40 pratham: Probing it held; now it is asked as its users ask
Tue 11:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 11:11:40 udaan: Probing it held; now it is asked as its users ask
Tue 11:11:45 goonj: Finished Release glific-3 is verified
Tue 11:11:45 pratham: Finished Release glific-3 is verified
Tue 11:11:45 sneha: Finished Release glific-3 is verified
Tue 11:11:45 udaan: Finished Release glific-3 is verified
Tue 11:11:50 stable: sneha: Verified on Release glific-3
Tue 11:11:50 stable: udaan: Verified on Release glific-3
Tue 11:11:50 stable: goonj: Verified on Release glific-3
Tue 11:11:50 stable: pratham: Verified on Release glific-3
Tue 11:11:50 stable: Release glific-3 is verified by 5 Organisations
Tue 11:11:50 stable: = RolledOutInPart - Release glific-3 is verified by 5 Organisations; 0 failed and 1 are set aside: see status.failing

stable: RolledOutInPart, verified glific-3, wave rest
asha: serves glific-1, NeverHealthy glific-3; pods replaced 1 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
