package status

import (
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// TestRecall tells versions of one Organisation apart by their host.
func TestRecall(t *testing.T) {
	type write struct{ over, now, host string }
	for name, test := range map[string]struct {
		writes []write
		cached string
		want   string
	}{
		"nothing was written: what was read stands":                     {nil, "1", "as read"},
		"the cache is behind: what was written stands":                  {[]write{{"1", "2", "first"}}, "1", "first"},
		"the cache is behind two writes: the last one stands":           {[]write{{"1", "2", "first"}, {"2", "3", "second"}}, "1", "second"},
		"the cache shows the first of two writes: the last one stands":  {[]write{{"1", "2", "first"}, {"2", "3", "second"}}, "2", "second"},
		"the cache has caught up: what was read stands":                 {[]write{{"1", "2", "first"}}, "2", "as read"},
		"somebody else wrote since: what was read stands":               {[]write{{"1", "2", "first"}}, "7", "as read"},
		"somebody else wrote between two writes: only the last is ours": {[]write{{"1", "2", "first"}, {"7", "8", "second"}}, "1", "as read"},
		"the last write changed nothing: what was written stands":       {[]write{{"1", "1", "first"}}, "1", "first"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &Writer{}
			for _, write := range test.writes {
				w.remember(organisation(write.over, "before"), organisation(write.now, write.host))
			}
			org := organisation(test.cached, "as read")
			w.Recall(org)
			if org.Status.Host != test.want {
				t.Errorf("the status is %q, want %q", org.Status.Host, test.want)
			}
		})
	}
}

func TestTheMemoryOfAnOrganisationGoesWithIt(t *testing.T) {
	w := &Writer{}
	w.remember(organisation("1", "before"), organisation("2", "after"))
	w.Recall(organisation("2", "caught up"))
	if len(w.written) != 0 {
		t.Error("the cache has caught up, and what was written is still remembered")
	}
	w.remember(organisation("2", "before"), organisation("3", "after"))
	w.Forget("asha")
	if len(w.written) != 0 {
		t.Error("the Organisation is gone, and its status is still remembered")
	}
}

func organisation(version, host string) *v1alpha1.Organisation {
	org := &v1alpha1.Organisation{}
	org.Name, org.ResourceVersion, org.Status.Host = "asha", version, host
	return org
}
