package contact

import "slices"

// Stage is where a customer stands in his life with the firm.
type Stage string

// The stages. Whether somebody is a lead is the lead's affair; here he is a
// person before the sale.
const (
	PreSale    Stage = "pre-sale"
	Onboarding Stage = "onboarding"
	PostSale   Stage = "post-sale"
	Renewal    Stage = "renewal"
	Former     Stage = "former" // was a customer once
)

// Stages lists them in the order of life.
var Stages = []Stage{PreSale, Onboarding, PostSale, Renewal, Former}

// Known says whether s is one of the stages.
func (s Stage) Known() bool { return slices.Contains(Stages, s) }

// Customer says whether somebody in this stage has bought and is still with us.
func (s Stage) Customer() bool { return s == Onboarding || s == PostSale || s == Renewal }
