package campaign

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// varying are the tokens that differ from plan to plan: UIDs, and digests of what
// contains one.
var varying = regexp.MustCompile(`\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8,})\b`)

// normalise makes the texts of two plans comparable. The same token has the same
// number everywhere, so that what refers to what is compared, too.
func (s *subject) normalise(texts []string) string {
	texts = slices.Clone(texts)
	for i := range texts {
		texts[i] = s.rename(texts[i])
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Compare(mask(a), mask(b)) })
	numbers := map[string]string{}
	return varying.ReplaceAllStringFunc(strings.Join(texts, "\n"), func(token string) string {
		if _, known := numbers[token]; !known {
			numbers[token] = fmt.Sprintf("‹%d›", len(numbers)+1)
		}
		return numbers[token]
	})
}

// rename takes out the names that the plan and its lane happen to have.
func (s *subject) rename(text string) string {
	port := regexp.MustCompile(fmt.Sprintf(`\b%d\b`, s.stage.lane.Proxy.Addr().Port)) // whole: digests hold digits, too
	return port.ReplaceAllString(strings.NewReplacer(s.name, "NAME", s.identity, "IDENTITY").Replace(text), "PORT")
}

func mask(text string) string { return varying.ReplaceAllString(text, "‹›") }

// named are writes without what differs from plan to plan.
func (s *stage) named(writes []string) []string {
	var named []string
	for _, write := range writes {
		named = append(named, mask(ngo.ReplaceAllString(database.ReplaceAllString(write, "DATABASE…"), "NAME")))
	}
	return named
}

// ngo is the form of the names that play gives, and database that of what is named
// after them; long statements are cut somewhere behind.
var (
	ngo      = regexp.MustCompile(`\bngo-[0-9]+\b`)
	database = regexp.MustCompile(`"ngo-[0-9]+-.*`)
)
