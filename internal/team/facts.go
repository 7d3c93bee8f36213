package team

// FirmSetUp says that the first-run page was used.
type FirmSetUp struct {
	Person ID     `json:"person"`
	Firm   string `json:"firm"`
}

// LengthsChanged says that people stay signed in for another time.
type LengthsChanged struct{ Lengths }

// FirmChanged says that the firm's name, language or time zone was changed.
type FirmChanged struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Zone     string `json:"zone"`
}

// PersonMade says that a person was made who may come in at once: at set-up, on
// the command line, by an import.
type PersonMade struct {
	Person ID     `json:"person"`
	Role   string `json:"role"`
}

// Invited says that a person was invited, or again.
type Invited struct {
	Person ID     `json:"person"`
	Role   string `json:"role"`
	Again  bool   `json:"again,omitempty"`
}

// Joined says that an invitation was accepted.
type Joined struct {
	Person ID     `json:"person"`
	From   string `json:"from"`
}

// ResetAsked says that somebody asked for a new password for a person.
type ResetAsked struct {
	Person ID     `json:"person"`
	From   string `json:"from"`
}

// PasswordChanged says that a person has a new password, and how.
type PasswordChanged struct {
	Person ID     `json:"person"`
	How    string `json:"how"` // "self", "reset" or "command"
	From   string `json:"from,omitempty"`
}

// SignedIn says that a session began.
type SignedIn struct {
	Person  ID        `json:"person"`
	Session SessionID `json:"session"`
	From    string    `json:"from"`
	Agent   string    `json:"agent,omitempty"`
}

// SignInFailed says that somebody did not come in. Person is none when the
// address belongs to nobody; what was typed is not kept, since people type
// passwords into the wrong box.
type SignInFailed struct {
	Person ID     `json:"person,omitempty"`
	Reason string `json:"reason"` // "password", "code" or "state"
	From   string `json:"from"`
}

// SignedOut says that a person ended his own session.
type SignedOut struct {
	Person  ID        `json:"person"`
	Session SessionID `json:"session"`
}

// SessionsEnded says that sessions of a person were ended from elsewhere.
type SessionsEnded struct {
	Person ID     `json:"person"`
	Reason string `json:"reason"` // "asked", "role", "disabled", "password", "factor", "email"
	Count  int64  `json:"count"`
}

// RoleChanged says that a person got another role.
type RoleChanged struct {
	Person ID     `json:"person"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// SeeChanged says that what a person sees was changed. "" is what his role sees.
type SeeChanged struct {
	Person ID  `json:"person"`
	Before See `json:"before"`
	After  See `json:"after"`
}

// EmailChanged says that a person has another address.
type EmailChanged struct {
	Person ID     `json:"person"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ProfileChanged says that a person changed his own profile.
type ProfileChanged struct {
	Person ID     `json:"person"`
	Before string `json:"before,omitempty"` // the name, when it was changed
	After  string `json:"after,omitempty"`
}

// Disabled says that a person can no longer come in.
type Disabled struct {
	Person ID `json:"person"`
}

// Enabled says that a disabled person may come in again.
type Enabled struct {
	Person ID `json:"person"`
}

// FactorOn says that a person signs in with a second factor from now on.
type FactorOn struct {
	Person ID `json:"person"`
}

// FactorOff says that a person's second factor was taken away.
type FactorOff struct {
	Person ID `json:"person"`
}

// RecoveryMade says that a person got new recovery codes; the old ones are void.
type RecoveryMade struct {
	Person ID `json:"person"`
}

// RecoveryUsed says that a person came in with a recovery code.
type RecoveryUsed struct {
	Person ID     `json:"person"`
	Left   int    `json:"left"`
	From   string `json:"from"`
}

// FactorRequired says whether a role needs a second factor from now on.
type FactorRequired struct {
	Role     string `json:"role"`
	Required bool   `json:"required"`
}

// RoleMade says that an own role was made.
type RoleMade struct {
	Role   string  `json:"role"`
	Title  string  `json:"title"`
	Rights []Right `json:"rights"`
	See    See     `json:"see"`
	Masked bool    `json:"masked"`
}

// RoleEdited says what an own role is from now on.
type RoleEdited struct {
	Role   string  `json:"role"`
	Title  string  `json:"title"`
	Before []Right `json:"before"`
	Rights []Right `json:"rights"`
	See    See     `json:"see"`
	Masked bool    `json:"masked"`
}

// RoleDeleted says that an own role is gone.
type RoleDeleted struct {
	Role  string `json:"role"`
	Title string `json:"title"`
}

// TeamMade says that a team was made.
type TeamMade struct {
	Team TeamID `json:"team"`
	Name string `json:"name"`
}

// TeamChanged says that a team's name or description was changed.
type TeamChanged struct {
	Team   TeamID `json:"team"`
	Before string `json:"before"`
	Name   string `json:"name"`
}

// TeamDeleted says that a team is gone: whoever holds its id lets go of it.
type TeamDeleted struct {
	Team TeamID `json:"team"`
	Name string `json:"name"`
}

// MembersChanged says who came to a team and who left it.
type MembersChanged struct {
	Team   TeamID `json:"team"`
	Came   []ID   `json:"came"`
	Went   []ID   `json:"went"`
	Person ID     `json:"person,omitempty"` // when one person's teams were set
}

// TokenMade says that an API token was made.
type TokenMade struct {
	Token  TokenID `json:"token"`
	Name   string  `json:"name"`
	Person ID      `json:"person,omitempty"`
	Role   string  `json:"role"`
	Rights []Right `json:"rights,omitempty"`
}

// TokenRevoked says that an API token no longer opens anything.
type TokenRevoked struct {
	Token TokenID `json:"token"`
	Name  string  `json:"name"`
}

// AddressFailing says that our notices to a person keep coming back.
type AddressFailing struct {
	Person  ID     `json:"person"`
	Address string `json:"address"`
}

// AddressTrusted says that notices go to a person's address again.
type AddressTrusted struct {
	Person ID `json:"person"`
}

func (FirmSetUp) EventKind() string       { return "team.firm_set_up" }
func (LengthsChanged) EventKind() string  { return "team.sessions_changed" }
func (FirmChanged) EventKind() string     { return "team.firm_changed" }
func (PersonMade) EventKind() string      { return "team.person_made" }
func (Invited) EventKind() string         { return "team.invited" }
func (Joined) EventKind() string          { return "team.joined" }
func (ResetAsked) EventKind() string      { return "team.reset_asked" }
func (PasswordChanged) EventKind() string { return "team.password_changed" }
func (SignedIn) EventKind() string        { return "team.signed_in" }
func (SignInFailed) EventKind() string    { return "team.sign_in_failed" }
func (SignedOut) EventKind() string       { return "team.signed_out" }
func (SessionsEnded) EventKind() string   { return "team.sessions_ended" }
func (RoleChanged) EventKind() string     { return "team.role_changed" }
func (SeeChanged) EventKind() string      { return "team.see_changed" }
func (EmailChanged) EventKind() string    { return "team.email_changed" }
func (ProfileChanged) EventKind() string  { return "team.profile_changed" }
func (Disabled) EventKind() string        { return "team.disabled" }
func (Enabled) EventKind() string         { return "team.enabled" }
func (FactorOn) EventKind() string        { return "team.factor_on" }
func (FactorOff) EventKind() string       { return "team.factor_off" }
func (RecoveryMade) EventKind() string    { return "team.recovery_made" }
func (RecoveryUsed) EventKind() string    { return "team.recovery_used" }
func (FactorRequired) EventKind() string  { return "team.factor_required" }
func (RoleMade) EventKind() string        { return "team.role_made" }
func (RoleEdited) EventKind() string      { return "team.role_edited" }
func (RoleDeleted) EventKind() string     { return "team.role_deleted" }
func (TeamMade) EventKind() string        { return "team.team_made" }
func (TeamChanged) EventKind() string     { return "team.team_changed" }
func (TeamDeleted) EventKind() string     { return "team.team_deleted" }
func (MembersChanged) EventKind() string  { return "team.members_changed" }
func (TokenMade) EventKind() string       { return "team.token_made" }
func (TokenRevoked) EventKind() string    { return "team.token_revoked" }
func (AddressFailing) EventKind() string  { return "team.address_failing" }
func (AddressTrusted) EventKind() string  { return "team.address_trusted" }

func (f FirmSetUp) Subject() string       { return "firm" }
func (f LengthsChanged) Subject() string  { return "firm" }
func (f FirmChanged) Subject() string     { return "firm" }
func (f PersonMade) Subject() string      { return f.Person.String() }
func (f Invited) Subject() string         { return f.Person.String() }
func (f Joined) Subject() string          { return f.Person.String() }
func (f ResetAsked) Subject() string      { return f.Person.String() }
func (f PasswordChanged) Subject() string { return f.Person.String() }
func (f SignedIn) Subject() string        { return f.Person.String() }
func (f SignInFailed) Subject() string    { return f.Person.String() }
func (f SignedOut) Subject() string       { return f.Person.String() }
func (f SessionsEnded) Subject() string   { return f.Person.String() }
func (f RoleChanged) Subject() string     { return f.Person.String() }
func (f SeeChanged) Subject() string      { return f.Person.String() }
func (f EmailChanged) Subject() string    { return f.Person.String() }
func (f ProfileChanged) Subject() string  { return f.Person.String() }
func (f Disabled) Subject() string        { return f.Person.String() }
func (f Enabled) Subject() string         { return f.Person.String() }
func (f FactorOn) Subject() string        { return f.Person.String() }
func (f FactorOff) Subject() string       { return f.Person.String() }
func (f RecoveryMade) Subject() string    { return f.Person.String() }
func (f RecoveryUsed) Subject() string    { return f.Person.String() }
func (f FactorRequired) Subject() string  { return "role:" + f.Role }
func (f RoleMade) Subject() string        { return "role:" + f.Role }
func (f RoleEdited) Subject() string      { return "role:" + f.Role }
func (f RoleDeleted) Subject() string     { return "role:" + f.Role }
func (f TeamMade) Subject() string        { return f.Team.String() }
func (f TeamChanged) Subject() string     { return f.Team.String() }
func (f TeamDeleted) Subject() string     { return f.Team.String() }
func (f MembersChanged) Subject() string  { return f.Team.String() }
func (f TokenMade) Subject() string       { return f.Token.String() }
func (f TokenRevoked) Subject() string    { return f.Token.String() }
func (f AddressFailing) Subject() string  { return f.Person.String() }
func (f AddressTrusted) Subject() string  { return f.Person.String() }
