// Package campaign ends the operator's life at every single write of every workflow,
// to the API and in SQL, once before the write was sent and once after it was carried
// out and the answer lost; a third time it lives on and only the answer is lost. The
// next life must reach the same end: the same objects, the same rows, roles and
// databases, nothing leaked, no key changed, no session left that should have ended.
//
//	go test ./test/campaign                         every point of some workflows, a sample of the others
//	CAMPAIGN=all go test ./test/campaign            every point of all
//	CAMPAIGN_SEED=7 go test ./test/campaign         the sample of an earlier run
//	CAMPAIGN_ONLY='update/12/' go test ./test/campaign   the plans whose names match
//	CAMPAIGN_LANES=2 go test ./test/campaign        how many worlds run side by side
package campaign
