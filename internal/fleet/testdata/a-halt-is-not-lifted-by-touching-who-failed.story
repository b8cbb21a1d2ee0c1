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
Tue 12:00:00 *: asha gets another size
Tue 13:00:00 *: asha is pinned to glific-1
Tue 14:00:00 *: asha is not pinned any more
Tue 15:00:00 *: asha goes to another wave
Tue 16:00:00 *: asha goes to another channel
Tue 17:00:00 *: asha comes back
Tue 18:00:00 *: what failed is cured
Tue 19:00:00 *: a person annotates asha: tenancy.glific.org/retry-at=19:00
Tue 19:00:00 stable: wave rest opens
Tue 19:00:00 stable: wave rest: slots for asha
Tue 19:00:00 stable: = RollingOut - update of wave rest: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 19:00:00 asha: Preflight Release glific-2 is let in
Tue 19:00:05 asha: Deploying pods of Release glific-2 are asked for
Tue 19:00:15 asha: Converging pods of Release glific-2 are not ready
Tue 19:00:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:05:45 asha: Probing it held; now it is asked as its users ask
Tue 19:05:50 asha: Finished Release glific-2 is verified
Tue 19:05:55 stable: asha: Verified on Release glific-2
Tue 19:05:55 stable: wave rest: slots for sneha, goonj
Tue 19:05:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 19:05:55 goonj: Preflight Release glific-2 is let in
Tue 19:05:55 sneha: Preflight Release glific-2 is let in
Tue 19:06:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 19:06:00 sneha: Deploying pods of Release glific-2 are asked for
Tue 19:06:10 goonj: Converging pods of Release glific-2 are not ready
Tue 19:06:10 sneha: Converging pods of Release glific-2 are not ready
Tue 19:06:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:06:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:11:40 goonj: Probing it held; now it is asked as its users ask
Tue 19:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 19:11:45 goonj: Finished Release glific-2 is verified
Tue 19:11:45 sneha: Finished Release glific-2 is verified
Tue 19:11:50 stable: sneha: Verified on Release glific-2
Tue 19:11:50 stable: goonj: Verified on Release glific-2
Tue 19:11:50 stable: wave rest: slots for pratham, bhumi
Tue 19:11:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 19:11:50 bhumi: Preflight Release glific-2 is let in
Tue 19:11:50 pratham: Preflight Release glific-2 is let in
Tue 19:11:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 19:11:55 pratham: Deploying pods of Release glific-2 are asked for
Tue 19:12:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 19:12:05 pratham: Converging pods of Release glific-2 are not ready
Tue 19:12:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:12:35 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:17:35 bhumi: Probing it held; now it is asked as its users ask
Tue 19:17:35 pratham: Probing it held; now it is asked as its users ask
Tue 19:17:40 bhumi: Finished Release glific-2 is verified
Tue 19:17:40 pratham: Finished Release glific-2 is verified
Tue 19:17:45 stable: pratham: Verified on Release glific-2
Tue 19:17:45 stable: bhumi: Verified on Release glific-2
Tue 19:17:45 stable: wave rest: slots for udaan
Tue 19:17:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 19:17:45 udaan: Preflight Release glific-2 is let in
Tue 19:17:50 udaan: Deploying pods of Release glific-2 are asked for
Tue 19:18:00 udaan: Converging pods of Release glific-2 are not ready
Tue 19:18:30 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 19:23:30 udaan: Probing it held; now it is asked as its users ask
Tue 19:23:35 udaan: Finished Release glific-2 is verified
Tue 19:23:40 stable: udaan: Verified on Release glific-2
Tue 19:23:40 stable: Release glific-2 is verified by 6 Organisations
Tue 19:23:40 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-2, Verified glific-2; pods replaced 3 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
