Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha, pratham
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 2 Organisations in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:00 pratham: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:05 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:15 pratham: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:15 pratham: Finished pods of Release glific-2 did not all become ready within 5m0s: pods of Release glific-2 are not ready
Tue 10:15:20 stable: pratham: NeverHealthy on Release glific-2
Tue 10:15:20 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release; 1 Organisation in flight
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Tue 13:00:00 *: a person annotates pratham: tenancy.glific.org/set-aside=glific-2
Tue 13:00:00 stable: wave all: slots for sneha
Tue 13:00:00 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 13:00:00 sneha: Preflight Release glific-2 is let in
Tue 13:00:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 13:00:15 sneha: Converging pods of Release glific-2 are not ready
Tue 13:00:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:05:45 sneha: Probing it held; now it is asked as its users ask
Tue 13:05:50 sneha: Finished Release glific-2 is verified
Tue 13:05:55 stable: sneha: Verified on Release glific-2
Tue 13:05:55 stable: Release glific-2 is verified by 2 Organisations
Tue 13:05:55 stable: = RolledOutInPart - Release glific-2 is verified by 2 Organisations; 0 failed and 1 are set aside: see status.failing
Wed 10:00:00 *: Git says release: glific-3
Wed 10:00:00 stable: the rollout of Release glific-3 begins
Wed 10:00:00 stable: wave all opens
Wed 10:00:00 stable: wave all: a slot for pratham first, which was left on Release glific-2
Wed 10:00:00 stable: wave all: slots for asha
Wed 10:00:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-3; 2 Organisations in flight
Wed 10:00:00 asha: Preflight Release glific-3 is let in
Wed 10:00:00 pratham: Preflight Release glific-3 is let in
Wed 10:00:05 asha: Deploying pods of Release glific-3 are asked for
Wed 10:00:05 pratham: Deploying pods of Release glific-3 are asked for
Wed 10:00:15 asha: Converging pods of Release glific-3 are not ready
Wed 10:00:15 pratham: Converging pods of Release glific-3 are not ready
Wed 10:00:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:00:45 pratham: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:05:45 asha: Probing it held; now it is asked as its users ask
Wed 10:05:45 pratham: Probing it held; now it is asked as its users ask
Wed 10:05:50 asha: Finished Release glific-3 is verified
Wed 10:05:50 pratham: Finished Release glific-3 is verified
Wed 10:05:55 stable: pratham: Verified on Release glific-3
Wed 10:05:55 stable: asha: Verified on Release glific-3
Wed 10:05:55 stable: wave all: slots for sneha
Wed 10:05:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-3; 1 Organisation in flight
Wed 10:05:55 sneha: Preflight Release glific-3 is let in
Wed 10:06:00 sneha: Deploying pods of Release glific-3 are asked for
Wed 10:06:10 sneha: Converging pods of Release glific-3 are not ready
Wed 10:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:11:40 sneha: Probing it held; now it is asked as its users ask
Wed 10:11:45 sneha: Finished Release glific-3 is verified
Wed 10:11:50 stable: sneha: Verified on Release glific-3
Wed 10:11:50 stable: Release glific-3 is verified by 3 Organisations
Wed 10:11:50 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-3, wave all
asha: serves glific-3, Verified glific-3; pods replaced 2 times
pratham: serves glific-3, Verified glific-3; pods replaced 2 times
sneha: serves glific-3, Verified glific-3; pods replaced 2 times
