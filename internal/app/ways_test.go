package app_test

import (
	"context"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// ways says of every route who may. A new page or action needs its line here.
var ways = map[string]way{
	// Before the desk.
	"GET /{$}":                 {public: true, status: 303},
	"GET /sign-in":             {public: true},
	"POST /sign-in":            {public: true, form: "email=nobody@shop.example&password=x", status: 403},
	"GET /sign-in/code":        {public: true},
	"POST /sign-in/code":       {public: true, form: "code=123456"},
	"GET /sign-out":            {public: true},
	"POST /sign-out":           {public: true, passes: true},
	"GET /forgot":              {public: true, status: 200},
	"POST /forgot":             {public: true, form: "email=nobody@shop.example"},
	"GET /reset/{token}":       {public: true, with: []string{"token", "nonsense"}},
	"POST /reset/{token}":      {public: true, with: []string{"token", "nonsense"}, form: "password=a+new+long+one"},
	"GET /join/{token}":        {public: true, with: []string{"token", "nonsense"}},
	"POST /join/{token}":       {public: true, with: []string{"token", "nonsense"}, form: "name=N&password=a+new+long+one"},
	"GET /set-up":              {public: true},
	"POST /set-up":             {public: true, form: "firm=Mine&name=Eve&email=eve@evil.example&password=a+new+long+one&language=en&zone=UTC"},
	"GET /language/{language}": {public: true, with: []string{"language", "ko"}},

	// The inbox.
	"GET /live":             {passes: true},
	"GET /inbox":            {right: team.ReadConversations, query: "view=all"},
	"GET /inbox/filter":     {right: team.ReadConversations},
	"GET /search":           {right: team.ReadConversations, query: "q=lampe"},
	"GET /find":             {right: team.ReadConversations, query: "q=lampe"},
	"GET /c/{number}":       {right: team.ReadConversations, id: "number", few: true},
	"GET /inbox/{id}":       {right: team.ReadConversations, id: "conversation", few: true},
	"GET /inbox/{id}/print": {right: team.ReadConversations, id: "conversation", few: true, query: "notes=1"},

	"GET /inbox/new":                  {right: team.Reply},
	"POST /inbox/new":                 {right: team.Reply, form: "inbox={inbox}&to=new@customer.example&subject=Hi&text=Hello"},
	"POST /inbox/bulk":                {right: team.Handle, form: "talk={conversation}&do=pending&back=/inbox"},
	"POST /inbox/{id}/say":            {right: team.ReadConversations, also: []team.Right{team.Note}, id: "conversation", few: true, form: "kind=note&note=Aha"},
	"POST /inbox/{id}/draft":          {right: team.ReadConversations, id: "conversation", few: true, form: "kind=note&body=Hm"},
	"GET /inbox/{id}/suggestions":     {right: team.Reply, also: []team.Right{team.ReadArticles}, id: "conversation", few: true},
	"POST /inbox/{id}/typing":         {right: team.Reply, id: "conversation", few: true},
	"POST /inbox/{id}/use":            {right: team.Reply, id: "conversation", few: true, form: "target=ans_0000000000zz1"},
	"POST /upload":                    {right: team.ReadConversations, upload: true},
	"POST /message/{id}/unsend":       {right: team.Reply, id: "sent", few: true},
	"POST /message/{id}/resend":       {right: team.Reply, id: "sent", few: true, status: 409},
	"GET /inbox/{id}/assign":          {right: team.Handle, id: "conversation", few: true},
	"POST /inbox/{id}/assign":         {right: team.Handle, id: "conversation", few: true, form: "to=me"},
	"POST /inbox/{id}/status":         {right: team.Handle, id: "conversation", few: true, form: "to=solved"},
	"POST /inbox/{id}/snooze":         {right: team.Handle, id: "conversation", few: true, form: "at=2036-01-05T10:00:00Z"},
	"POST /inbox/{id}/change":         {right: team.Handle, id: "conversation", few: true, form: "priority=high"},
	"POST /inbox/{id}/tag":            {right: team.Handle, id: "conversation", few: true, form: "tag=late"},
	"POST /inbox/{id}/untag":          {right: team.Handle, id: "conversation", few: true, form: "tag=vip"},
	"POST /inbox/{id}/claims/{claim}": {right: team.EditContacts, id: "conversation", with: []string{"claim", "fcl_0000000000zz1"}, form: "do=leave", status: 404},
	"POST /inbox/{id}/follow":         {right: team.ReadConversations, id: "conversation", few: true},
	"GET /inbox/{id}/merge":           {right: team.Handle, id: "conversation", few: true, query: "q=lampe"},
	"POST /inbox/{id}/merge":          {right: team.Handle, id: "conversation", few: true, form: "other={conversation}", status: 422},
	"POST /inbox/{id}/undo":           {right: team.Handle, id: "merged", few: true},
	"GET /message/{id}/split":         {right: team.Handle, id: "second", few: true},
	"POST /message/{id}/split":        {right: team.Handle, id: "second", few: true, form: "subject=Other"},
	"GET /inbox/{id}/delete":          {right: team.Delete, id: "conversation", few: true},
	"POST /inbox/{id}/delete":         {right: team.Delete, id: "conversation", few: true},
	"POST /inbox/{id}/watch":          {right: team.ReadConversations, id: "conversation", few: true},
	"GET /message/{id}/html":          {right: team.ReadConversations, id: "message", few: true},
	"GET /message/{id}/source":        {right: team.ReadConversations, id: "mailed", few: true, masked: 404},
	"GET /picture":                    {right: team.ReadConversations, query: "u=http://elsewhere.example/a.png&t=forged", status: 404},
	"GET /file/{id}":                  {right: team.ReadConversations, id: "file", few: true},

	// Customers: whoever reads them reads all of them; what was said with them is another matter.
	"GET /customers":                                 {right: team.ReadContacts},
	"GET /customers/new":                             {right: team.EditContacts},
	"POST /customers/new":                            {right: team.EditContacts, form: "name=Bora&email=bora{n}@x.example"},
	"GET /customers/{id}":                            {right: team.ReadContacts, id: "contact"},
	"GET /customers/{id}/card/{card}":                {right: team.ReadContacts, id: "contact", with: []string{"card", "about"}},
	"POST /customers/{id}/card/{card}":               {right: team.ReadContacts, also: []team.Right{team.EditContacts}, id: "contact", with: []string{"card", "tags"}, form: "tags=new"},
	"POST /customers/{id}/addresses/{address}/{act}": {right: team.EditContacts, id: "contact", with: []string{"address", "=address", "act", "primary"}},
	"POST /customers/{id}/notes/{note}/{act}":        {right: team.Note, also: []team.Right{team.ReadContacts}, id: "contact", with: []string{"note", "=note", "act", "pin"}, masked: 404},
	"POST /customers/{id}/unblock":                   {right: team.EditContacts, id: "contact"},
	"GET /customers/{id}/merge":                      {right: team.EditContacts, also: []team.Right{team.ReadContacts}, id: "contact"},
	"POST /customers/{id}/merge":                     {right: team.EditContacts, id: "contact", form: "other={twin}&keep={contact}"},
	"POST /customers/{id}/unmerge/{merge}":           {right: team.EditContacts, id: "merge", with: []string{"id", "=keep", "merge", "=merge"}},
	"POST /customers/{id}/export":                    {right: team.Export, id: "contact"},
	"POST /customers/{id}/portal":                    {right: team.Reply, also: []team.Right{team.ReadContacts}, id: "contact"},
	"GET /customers/{id}/erase":                      {right: team.EraseContacts, also: []team.Right{team.ReadContacts}, id: "contact"},
	"POST /customers/{id}/erase":                     {right: team.EraseContacts, also: []team.Right{team.ReadContacts}, id: "contact", form: "name={name}"},
	"GET /companies":                                 {right: team.ReadContacts},
	"GET /companies/names":                           {right: team.ReadContacts, query: "company=So"},
	"GET /companies/new":                             {right: team.EditContacts},
	"POST /companies/new":                            {right: team.EditContacts, form: "name=Haneul"},
	"GET /companies/{id}":                            {right: team.ReadContacts, id: "company"},
	"GET /companies/{id}/edit":                       {right: team.EditContacts, also: []team.Right{team.ReadContacts}, id: "company"},
	"POST /companies/{id}/edit":                      {right: team.EditContacts, id: "company", form: "name=Other&domains="},
	"GET /companies/{id}/merge":                      {right: team.EditContacts, also: []team.Right{team.ReadContacts}, id: "company"},
	"POST /companies/{id}/merge":                     {right: team.EditContacts, id: "company", form: "other={firm}&keep={company}"},
	"POST /companies/{id}/unmerge/{merge}":           {right: team.EditContacts, id: "union", with: []string{"id", "=company", "merge", "=union"}},
	"POST /companies/{id}/portal":                    {right: team.EditContacts, id: "company", form: "on=true"},
	"POST /companies/{id}/remove":                    {right: team.EraseContacts, id: "company"},

	// Coverage: everybody sees who stands when and cares for his own turns; who manages settings plans.
	"GET /coverage":                           {right: team.ReadConversations, query: "week=2026-11-23"},
	"POST /coverage/goal":                     {right: team.ManageSettings, form: "goal=working"},
	"GET /coverage/rotas":                     {right: team.ReadConversations},
	"GET /coverage/rotas/new":                 {right: team.ManageSettings},
	"POST /coverage/rotas/new":                {right: team.ManageSettings, form: "do=preview&name=Nights&mode=house"},
	"GET /coverage/rotas/{id}":                {right: team.ReadConversations, id: "rota"},
	"GET /coverage/rotas/{id}/edit":           {right: team.ManageSettings, id: "rota"},
	"POST /coverage/rotas/{id}/edit":          {right: team.ManageSettings, id: "rota", form: "do=preview&name=Nights&mode=house"},
	"POST /coverage/rotas/{id}/delete":        {right: team.ManageSettings, id: "rota"},
	"POST /coverage/rotas/{id}/undo":          {right: team.ManageSettings, id: "rota", status: 409},
	"GET /coverage/rotas/{id}/turn":           {right: team.ManageSettings, id: "rota"},
	"POST /coverage/rotas/{id}/turn":          {right: team.ManageSettings, id: "rota", form: "person={person}&start_day=2036-01-07&start_at=09:00&end_day=2036-01-07&end_at=18:00"},
	"POST /coverage/rotas/{id}/undo/{change}": {right: team.ManageSettings, id: "rota", with: []string{"change", "pch_0000000000zz1"}, status: 409},
	"GET /coverage/mine":                      {right: team.ReadConversations},
	"GET /coverage/rotas/{id}/ask":            {right: team.ReadConversations, id: "rota", query: "key=none&from=0", status: 409},
	"POST /coverage/swaps":                    {right: team.ReadConversations, form: "give=none", status: 409},
	"POST /coverage/swaps/{id}/{act}":         {right: team.ReadConversations, with: []string{"id", "swp_0000000000zz1", "act", "accept"}, status: 404},
	"POST /coverage/leaves":                   {right: team.ReadConversations, form: "start_day=2036-01-07&start_at=00:00&end_day=2036-01-07&end_at=24:00&kind=holiday"},
	"POST /coverage/leaves/{id}/end":          {right: team.ReadConversations, with: []string{"id", "lve_0000000000zz1"}, status: 404},
	"POST /coverage/feeds":                    {right: team.ReadConversations},
	"POST /coverage/feeds/{id}/revoke":        {right: team.ReadConversations, with: []string{"id", "fed_0000000000zz1"}, status: 404},
	"GET /coverage/feed/{file}":               {public: true, with: []string{"file", "nonsense.ics"}, status: 404},
	"GET /coverage/handover":                  {right: team.ReadConversations},
	"POST /coverage/handover":                 {right: team.Note, form: "rota=rot_0000000000zz1", status: 404},
	"POST /coverage/handover/{id}":            {right: team.Note, with: []string{"id", "hnd_0000000000zz1"}, form: "open=All is well", status: 404},
	"POST /coverage/handover/{id}/read":       {right: team.Note, with: []string{"id", "hnd_0000000000zz1"}, status: 404},

	// The assistant: everybody of the team sees what it knows; who writes articles teaches it.
	"GET /assistant":                      {right: team.ReadArticles, query: "state=accepted"},
	"POST /assistant/lessons":             {right: team.EditArticles, form: "do=reject"},
	"GET /assistant/lessons/{id}":         {right: team.ReadArticles, id: "taught"},
	"POST /assistant/lessons/{id}":        {right: team.EditArticles, id: "taught", form: "do=wait"},
	"GET /assistant/answers":              {right: team.ReadArticles, query: "q=a"},
	"GET /assistant/answers/new":          {right: team.EditArticles},
	"POST /assistant/answers/new":         {right: team.EditArticles, form: "title=T&body=B&locale=en&audience=public"},
	"GET /assistant/answers/{id}":         {right: team.ReadArticles, id: "saved"},
	"POST /assistant/answers/{id}":        {right: team.EditArticles, id: "saved", form: "title=T&body=B&locale=en&audience=public"},
	"POST /assistant/answers/{id}/delete": {right: team.EditArticles, id: "saved"},
	"GET /assistant/flows":                {right: team.ReadArticles},
	"GET /assistant/flows/{id}":           {right: team.ReadArticles, id: "chat"},
	"POST /assistant/flows/{id}":          {right: team.EditArticles, id: "chat", form: "q=0&q.0.key=s1&q.0.say.en=Hello"},
	"POST /assistant/flows/{id}/try":      {right: team.ReadArticles, id: "chat", form: "words=hello"},
	"GET /assistant/try":                  {right: team.ReadArticles, query: "q=lamp"},
	"POST /assistant/chat":                {right: team.ManageSettings, form: "on=on"},
	"GET /assistant/models":               {right: team.ReadArticles},
	"POST /assistant/models/{id}":         {right: team.EditArticles, id: "model"},
	"POST /assistant/retrain":             {right: team.EditArticles},
	"GET /assistant/results":              {right: team.ReadConversations, query: "days=7"},

	// Incidents: who reads conversations reads them; who runs them is another right.
	"GET /incidents":                        {right: team.ReadConversations, query: "show=all"},
	"GET /incidents/new":                    {right: team.RunIncidents},
	"POST /incidents/new":                   {right: team.RunIncidents, form: "title.en=No+light&severity=major"},
	"POST /incidents/link":                  {right: team.Handle, form: "incident=inc_0000000000zz1&talk={conversation}", status: 404},
	"GET /incidents/causes":                 {right: team.ReadConversations},
	"GET /incidents/page":                   {right: team.ManageSettings},
	"POST /incidents/page":                  {right: team.ManageSettings, form: "on=on&n=1&0.name.en=Shop"},
	"GET /incidents/{id}":                   {right: team.ReadConversations, id: "incident"},
	"GET /incidents/{id}/edit":              {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident"},
	"POST /incidents/{id}/edit":             {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident", form: "title.en=No+light&severity=minor"},
	"GET /incidents/{id}/update":            {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident"},
	"POST /incidents/{id}/update":           {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident", form: "state=resolved&text.en=Light&sure=1"},
	"POST /incidents/{id}/notes":            {right: team.Note, also: []team.Right{team.ReadConversations}, id: "incident", form: "note=Fuse"},
	"POST /incidents/{id}/roles":            {right: team.RunIncidents, id: "incident"},
	"POST /incidents/{id}/reach":            {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident", form: "by=tag&value=vip"},
	"POST /incidents/{id}/links":            {right: team.Handle, also: []team.Right{team.ReadConversations}, id: "incident", form: "talk={conversation}"},
	"POST /incidents/{id}/unlink":           {right: team.Handle, also: []team.Right{team.ReadConversations}, id: "incident", form: "talk={conversation}"},
	"GET /incidents/{id}/review":            {right: team.ReadConversations, id: "incident"},
	"POST /incidents/{id}/review":           {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident", form: "happened=a&why=b", status: 409},
	"POST /incidents/{id}/actions":          {right: team.RunIncidents, also: []team.Right{team.ReadConversations}, id: "incident", form: "action=Mend"},
	"POST /incidents/{id}/actions/{action}": {right: team.Handle, id: "incident", with: []string{"action", "=action"}, form: "done=1"},
	"GET /maintenance":                      {right: team.ReadConversations},
	"GET /maintenance/new":                  {right: team.RunIncidents},
	"POST /maintenance/new":                 {right: team.RunIncidents, form: "title.en=Work&from=2036-01-05T10:00&to=2036-01-05T12:00"},
	"GET /maintenance/{id}":                 {right: team.RunIncidents, id: "maintenance"},
	"POST /maintenance/{id}":                {right: team.RunIncidents, id: "maintenance", form: "title.en=Work&from=2036-01-05T10:00&to=2036-01-05T12:00"},
	"POST /maintenance/{id}/cancel":         {right: team.RunIncidents, id: "maintenance"},
	"GET /status":                           {public: true, status: 200},
	"GET /status/history":                   {public: true, status: 200},
	"GET /status/feed.atom":                 {public: true, status: 200},
	"GET /status/{id}":                      {public: true, with: []string{"id", "=incident"}, status: 404},
	"POST /status/subscribe":                {public: true, form: "email=nobody@reader.example", status: 200},
	"GET /status/confirm/{id}/{token}":      {public: true, with: []string{"id", "sbs_0000000000zz1", "token", "nonsense"}, status: 404},
	"POST /status/confirm/{id}/{token}":     {public: true, with: []string{"id", "sbs_0000000000zz1", "token", "nonsense"}, status: 404},
	"GET /status/mails/{id}/{token}":        {public: true, with: []string{"id", "sbs_0000000000zz1", "token", "nonsense"}, status: 404},
	"POST /status/mails/{id}/{token}":       {public: true, with: []string{"id", "sbs_0000000000zz1", "token", "nonsense"}, status: 404},
	"GET /inbox/{id}/incident":              {right: team.Handle, id: "conversation", few: true},

	// Promises: of a conversation for those who see it, else for those who see customers.
	"GET /promises":                  {right: team.ReadConversations, query: "view=slipping"},
	"POST /promises/lead":            {right: team.Handle, form: "days=2"},
	"GET /promises/new":              {right: team.Handle},
	"POST /promises/new":             {right: team.Handle, also: []team.Right{team.ReadContacts}, form: "customer={contact}&words=A+lamp&day=2036-01-05&owner={of}"},
	"GET /promises/{id}":             {right: team.ReadConversations, id: "promise", few: true},
	"POST /promises/{id}":            {right: team.Handle, id: "promise", few: true, form: "words=Two+lamps&kind=none", status: 422},
	"POST /promises/{id}/close":      {right: team.Handle, id: "promise", few: true, form: "to=kept"},
	"POST /promises/{id}/reopen":     {right: team.Handle, id: "promise", few: true},
	"POST /promises/{id}/move":       {right: team.Handle, id: "promise", few: true, form: "day=2036-02-05"},
	"POST /promises/{id}/remove":     {right: team.Handle, also: []team.Right{team.Delete}, id: "promise", few: true},
	"GET /runbooks":                  {right: team.ReadArticles, query: "show=known&q=x"},
	"GET /runbooks/new":              {right: team.EditArticles, query: "kind=known"},
	"POST /runbooks/new":             {right: team.EditArticles, form: "kind=guide&title.en=Lights&n=1&0.text.en=Look"},
	"GET /runbooks/{id}":             {right: team.ReadArticles, id: "runbook"},
	"GET /runbooks/{id}/edit":        {right: team.EditArticles, id: "runbook"},
	"POST /runbooks/{id}/edit":       {right: team.EditArticles, id: "runbook", form: "kind=guide&title.en=Lights&n=0", status: 422},
	"POST /runbooks/{id}/archive":    {right: team.EditArticles, id: "runbook"},
	"POST /runbooks/{id}/restore":    {right: team.EditArticles, id: "runbook", form: "version=1"},
	"GET /inbox/{id}/runbook":        {right: team.Handle, also: []team.Right{team.ReadArticles}, id: "followed", few: true},
	"POST /inbox/{id}/runbook":       {right: team.Handle, also: []team.Right{team.ReadArticles}, id: "followed", few: true, form: "runbook={runbook}"},
	"GET /inbox/{id}/runbook/{run}":  {right: team.Handle, id: "followed", with: []string{"run", "=run"}, few: true, query: "to=given_up"},
	"POST /inbox/{id}/runbook/{run}": {right: team.Handle, id: "followed", with: []string{"run", "=run"}, few: true, form: "do=skipped&step=1", status: 422},
	"GET /inbox/{id}/promise":        {right: team.Handle, id: "conversation", few: true},
	"POST /inbox/{id}/promise":       {right: team.Handle, id: "conversation", few: true, form: "words=&day=2036-01-05", status: 422},

	// Help articles: everybody of the team reads them; customers read what is for them.
	"GET /knowledge":                          {right: team.ReadArticles, query: "q=a&state=behind"},
	"POST /knowledge":                         {right: team.EditArticles},
	"POST /knowledge/from/{id}":               {right: team.EditArticles, also: []team.Right{team.ReadConversations}, id: "conversation", few: true},
	"GET /knowledge/articles/{id}":            {right: team.ReadArticles, id: "article"},
	"POST /knowledge/articles/{id}":           {right: team.EditArticles, id: "article", form: "audience=public&ko_title=T&ko_body=B&publish=ko"},
	"POST /knowledge/articles/{id}/keep":      {right: team.EditArticles, id: "article", form: "ko_title=T&ko_body=B"},
	"POST /knowledge/articles/{id}/unpublish": {right: team.EditArticles, id: "article", form: "locale=en"},
	"POST /knowledge/articles/{id}/archive":   {right: team.EditArticles, id: "article"},
	"GET /knowledge/articles/{id}/versions":   {right: team.ReadArticles, id: "article"},
	"POST /knowledge/versions/{id}/restore":   {right: team.EditArticles, id: "version"},
	"POST /knowledge/preview":                 {right: team.EditArticles, form: "locale=ko&ko_body=B"},
	"POST /knowledge/pictures":                {right: team.EditArticles, upload: true, status: 422},
	"GET /knowledge/categories":               {right: team.ReadArticles},
	"POST /knowledge/categories":              {right: team.EditArticles, form: "name_en=C+{n}"},
	"POST /knowledge/categories/{id}/delete":  {right: team.EditArticles, id: "category"},
	"GET /knowledge/files":                    {right: team.ReadArticles},
	"POST /knowledge/files":                   {right: team.EditArticles, upload: true, status: 422},
	"POST /knowledge/files/take":              {right: team.EditArticles, form: "upload=x", status: 422},
	"GET /knowledge/export.zip":               {right: team.ReadArticles},
	"GET /knowledge/searches":                 {right: team.ReadArticles},
	"POST /knowledge/searches/forget":         {right: team.EditArticles, form: "locale=ko&wanted=x"},
	"POST /knowledge/synonyms":                {right: team.EditArticles, form: "synonyms=a,b"},
	"GET /hc/{$}":                             {public: true, status: 303},
	"GET /hc/{locale}/{$}":                    {public: true, with: []string{"locale", "ko"}},
	"GET /hc/{locale}/c/{slug}":               {public: true, with: []string{"locale", "ko", "slug", "nothing"}, status: 404},
	"GET /hc/{locale}/a/{slug}":               {public: true, with: []string{"locale", "ko", "slug", "nothing"}, status: 404},
	"POST /hc/{locale}/a/{slug}":              {public: true, with: []string{"locale", "ko", "slug", "nothing"}, form: "helpful=yes", status: 404},
	"GET /hc/{locale}/search":                 {public: true, with: []string{"locale", "ko"}, query: "q=lampe"},
	"POST /hc/{locale}/helped":                {public: true, with: []string{"locale", "ko"}, form: "helpful=yes&ref=nonsense", status: 404},
	"GET /hc/{locale}/picture/{id}":           {public: true, with: []string{"locale", "ko", "id", "pic_0"}, status: 404},
	"GET /hc/":                                {public: true, status: 303}, // the address itself leads on; what is not there: web/helpcenter
	"GET /hc/sitemap.xml":                     {public: true},
	"GET /robots.txt":                         {public: true},

	// Forms: everybody sees those that are open. What is not there is the same for everybody.
	"GET /f/{form}":               {public: true, with: []string{"form", "nothing"}, status: 404},
	"POST /f/{form}":              {public: true, with: []string{"form", "nothing"}, form: "name=N", status: 404},
	"GET /f/{form}/embed":         {public: true, with: []string{"form", "nothing"}, status: 404},
	"POST /f/{form}/embed":        {public: true, with: []string{"form", "nothing"}, form: "name=N", status: 404},
	"GET /f/{form}/help":          {public: true, with: []string{"form", "nothing"}, query: "q=lampe", status: 404},
	"POST /f/{form}/helped":       {public: true, with: []string{"form", "nothing"}, form: "article=a", status: 404},
	"POST /f/{form}/embed/helped": {public: true, with: []string{"form", "nothing"}, form: "article=a", status: 404},
	"GET /f/embed.js":             {public: true},

	// The portal: nobody of the team is anybody there.
	"GET /portal":                        {public: true, status: 303},
	"GET /portal/sign-in":                {public: true},
	"POST /portal/sign-in":               {public: true, form: "email=nobody{n}@elsewhere.example", passes: true},
	"GET /portal/enter/{token}":          {public: true, with: []string{"token", "nonsense"}, status: 404},
	"POST /portal/enter/{token}":         {public: true, with: []string{"token", "nonsense"}, status: 404},
	"POST /portal/sign-out":              {public: true, status: 303},
	"GET /portal/talks/{id}":             {public: true, id: "conversation", status: 303},
	"POST /portal/talks/{id}":            {public: true, id: "conversation", form: "text=x", status: 303},
	"POST /portal/talks/{id}/{act}":      {public: true, id: "conversation", with: []string{"act", "close"}, status: 303},
	"GET /portal/picture/{id}":           {public: true, with: []string{"id", "pic_0"}, status: 303},
	"GET /portal/talks/{id}/file/{file}": {public: true, id: "conversation", with: []string{"file", "=file"}, status: 303},
	"GET /portal/new":                    {public: true, status: 303},
	"POST /portal/new":                   {public: true, form: "subject=x&text=x", status: 303},
	"GET /portal/help":                   {public: true, query: "q=lampe&key=0123456789abcdef", status: 303},
	"GET /portal/help/{slug}":            {public: true, with: []string{"slug", "x"}, status: 303},
	"GET /portal/helped":                 {public: true, status: 303},
	"POST /portal/helped":                {public: true, form: "ref=x", status: 303},
	"GET /portal/sessions":               {public: true, status: 303},
	"POST /portal/sessions/end":          {public: true, status: 303},
	"POST /portal/sessions/{id}/end":     {public: true, with: []string{"id", "pse_0000000000zz1"}, status: 303},
	"GET /portal/language/{language}":    {public: true, with: []string{"language", "ko"}, status: 303},

	// Oneself: to be signed in is enough, and nobody reaches another.
	"GET /settings":                     {},
	"GET /settings/me":                  {status: 303},
	"GET /settings/about":               {},
	"GET /profile":                      {},
	"POST /profile":                     {form: "name=Me&language=en&zone=UTC"},
	"POST /profile/theme":               {form: "theme=dark"},
	"GET /profile/security":             {},
	"POST /profile/password":            {form: "old=wrong&password=another+long+one", passes: true},
	"POST /profile/sessions/others/end": {},
	"POST /profile/sessions/{id}/end":   {id: "session", his: true},
	"GET /profile/tokens":               {},
	"GET /profile/tokens/new":           {},
	"POST /profile/tokens/new":          {form: "name=Script&rate=60"},
	"POST /profile/tokens/{id}/revoke":  {id: "key", his: true},
	"GET /profile/factor":               {},
	"POST /profile/factor/new":          {form: "password=wrong", passes: true},
	"POST /profile/factor/confirm":      {form: "code=123456", passes: true},
	"POST /profile/factor/recovery":     {form: "password=wrong", passes: true},
	"POST /profile/factor/codes.txt":    {form: "codes=a"},
	"POST /profile/factor/drop":         {form: "code=123456", passes: true},

	// Doors.
	"GET /settings/inboxes":                  {right: team.ManageInboxes},
	"GET /settings/inboxes/new":              {right: team.ManageInboxes},
	"POST /settings/inboxes/new":             {right: team.ManageInboxes, form: "name=Two&address=two{n}@shop.example&language=en&provider=other"},
	"POST /settings/inboxes/new/probe":       {right: team.ManageInboxes, form: "name=Two&address=two@shop.example", passes: true},
	"GET /settings/inboxes/{id}":             {right: team.ManageInboxes, id: "door"},
	"POST /settings/inboxes/{id}":            {right: team.ManageInboxes, id: "door", form: "name=Two&address={n}@shop.example&language=en&provider=other"},
	"POST /settings/inboxes/{id}/probe":      {right: team.ManageInboxes, id: "door", form: "name=Two&address=two@shop.example", passes: true},
	"GET /settings/chat/new":                 {right: team.ManageInboxes},
	"POST /settings/chat/new":                {right: team.ManageInboxes, form: "name=Chat&language=en", passes: true},
	"GET /settings/chat/{id}":                {right: team.ManageInboxes, id: "chat"},
	"POST /settings/chat/{id}":               {right: team.ManageInboxes, id: "chat", form: "name=Chat&language=en&color=%23006b5e"},
	"POST /settings/chat/{id}/secret":        {right: team.ManageInboxes, id: "chat"},
	"GET /settings/chat/stage":               {right: team.ManageInboxes, query: "lang=ko"},
	"POST /settings/chat/look":               {right: team.ManageInboxes, query: "lang=ko", form: "name=Chat&color=%23006b5e"},
	"GET /settings/chat/{id}/install":        {right: team.ManageInboxes, id: "chat"},
	"GET /settings/chat/{id}/try":            {right: team.ManageInboxes, id: "chat"},
	"GET /settings/portal":                   {right: team.ManageInboxes},
	"GET /settings/forms":                    {right: team.ManageInboxes},
	"GET /settings/forms/new":                {right: team.ManageInboxes},
	"POST /settings/forms/new":               {right: team.ManageInboxes, form: "name=F&slug=f{n}&inbox={inbox}&start=question"},
	"GET /settings/forms/{id}":               {right: team.ManageInboxes, id: "form"},
	"POST /settings/forms/{id}":              {right: team.ManageInboxes, id: "form", form: "name=F&slug=g{n}&inbox={inbox}&title.en=T&q=0&q.0.key=email&q.0.kind=email&q.0.label.en=E"},
	"POST /settings/forms/{id}/state":        {right: team.ManageInboxes, id: "form", form: "to=live"},
	"POST /settings/forms/{id}/delete":       {right: team.ManageInboxes, id: "form", status: 409},
	"POST /settings/forms/{id}/preview":      {right: team.ManageInboxes, id: "form", query: "lang=ko"},
	"GET /settings/forms/{id}/held":          {right: team.Quarantine, id: "form"},
	"POST /settings/forms/held/{id}/{act}":   {right: team.Quarantine, id: "submission", with: []string{"act", "accept"}},
	"POST /settings/inboxes/{id}/enabled":    {right: team.ManageInboxes, id: "door", form: "on=false"},
	"POST /settings/inboxes/{id}/dkim":       {right: team.ManageInboxes, id: "door", form: "do=stop"},
	"GET /settings/quarantine":               {right: team.Quarantine},
	"GET /settings/quarantine/{id}":          {right: team.Quarantine, id: "held"},
	"GET /settings/quarantine/{id}/html":     {right: team.Quarantine, id: "held"},
	"GET /settings/quarantine/{id}/original": {right: team.Quarantine, id: "held"},
	"POST /settings/quarantine/{id}/retry":   {right: team.Quarantine, id: "held"},
	"POST /settings/quarantine/{id}/discard": {right: team.Quarantine, id: "held"},
	"POST /settings/quarantine/{id}/restore": {right: team.Quarantine, id: "held", status: 404},

	// Who works here.
	"GET /settings/people":                     {right: team.ManagePeople},
	"GET /settings/people/invite":              {right: team.ManagePeople},
	"POST /settings/people/invite":             {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, form: "name=New&email=new{n}@shop.example&role=light"},
	"GET /settings/people/{id}":                {right: team.ManagePeople, id: "person"},
	"POST /settings/people/{id}":               {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person", form: "name=Other&email=p{n}@shop.example&role=light"},
	"POST /settings/people/{id}/disable":       {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person"},
	"POST /settings/people/{id}/enable":        {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person"},
	"POST /settings/people/{id}/invite-again":  {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person"},
	"POST /settings/people/{id}/end-sessions":  {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person"},
	"POST /settings/people/{id}/drop-factor":   {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person", status: 409},
	"POST /settings/people/{id}/trust-address": {right: team.ManagePeople, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, id: "person"},
	"GET /settings/roles":                      {right: team.ManagePeople},
	"GET /settings/roles/new":                  {right: team.ManagePeople},
	"POST /settings/roles/new":                 {right: team.ManagePeople, also: []team.Right{team.Note}, form: "title=Own+{n}&rights=conversation.note&see=mine"},
	"GET /settings/roles/{name}":               {right: team.ManagePeople, id: "role"},
	"POST /settings/roles/{name}":              {right: team.ManagePeople, also: []team.Right{team.Note}, id: "role", form: "title=Own+{n}&rights=conversation.note&see=mine"},
	"POST /settings/roles/{name}/factor":       {right: team.ManagePeople, also: []team.Right{team.Note}, id: "role", form: "required=true"},
	"POST /settings/roles/{name}/delete":       {right: team.ManagePeople, also: []team.Right{team.Note}, id: "role"},
	"GET /settings/teams":                      {right: team.ManagePeople},
	"GET /settings/teams/new":                  {right: team.ManagePeople},
	"POST /settings/teams/new":                 {right: team.ManagePeople, form: "name=Night+{n}"},
	"GET /settings/teams/{id}":                 {right: team.ManagePeople, id: "team"},
	"POST /settings/teams/{id}":                {right: team.ManagePeople, id: "team", form: "name=Night+{n}"},
	"POST /settings/teams/{id}/delete":         {right: team.ManagePeople, id: "team"},

	"GET /settings/hours":                                     {right: team.ManageSettings},
	"GET /settings/hours/new":                                 {right: team.ManageSettings},
	"POST /settings/hours/new":                                {right: team.ManageSettings, form: "name=Hours+{n}&day_1=9-18"},
	"GET /settings/hours/{id}":                                {right: team.ManageSettings, id: "calendar"},
	"POST /settings/hours/{id}":                               {right: team.ManageSettings, id: "calendar", form: "name=Hours+{n}&day_1=9-18"},
	"POST /settings/hours/{id}/delete":                        {right: team.ManageSettings, id: "calendar"},
	"POST /settings/hours/{id}/exceptions":                    {right: team.ManageSettings, id: "calendar", form: "first=2030-01-02&kind=closed"},
	"POST /settings/hours/{id}/exceptions/{exception}/delete": {right: team.ManageSettings, id: "dayoff", with: []string{"id", "=calendar", "exception", "=dayoff"}},
	"POST /settings/hours/{id}/holidays":                      {right: team.ManageSettings, id: "calendar"},

	"GET /settings/routing":         {right: team.ManageSettings},
	"POST /settings/routing":        {right: team.ManageSettings, form: "n=0"},
	"GET /settings/routing/people":  {right: team.ManageSettings},
	"POST /settings/routing/people": {right: team.ManageSettings, form: "n=0"},
	"GET /settings/routing/{list}":  {right: team.ManageSettings, with: []string{"list", "grades"}},
	"POST /settings/routing/{list}": {right: team.ManageSettings, with: []string{"list", "scopes"}, form: "n=0"},
	"GET /coverage/morning":         {right: team.ReadConversations},
	"POST /coverage/morning/{id}":   {right: team.Handle, id: "conversation", few: true},
	"GET /inbox/{id}/hand-over":     {right: team.Handle, id: "conversation", few: true},
	"POST /inbox/{id}/hand-over":    {right: team.Handle, id: "conversation", few: true, form: "text=", status: 422},
	"GET /coverage/what-if":         {right: team.Handle, query: "text=down"},
	"GET /settings/targets":         {right: team.ManageSettings},
	"POST /settings/targets":        {right: team.ManageSettings, form: "n=1&0.first=10&0.counts=work&0.pending=on"},

	"GET /settings/sessions":  {right: team.ManagePeople},
	"POST /settings/sessions": {right: team.ManagePeople, form: "idle_hours=12&days=7&kept_idle=14&kept_days=30"},

	// On call: whoever works on conversations calls and answers; a link in a mail answers for the one who was told.
	"GET /coverage/on-call":                         {right: team.ReadConversations},
	"GET /coverage/on-call/page":                    {right: team.Handle},
	"POST /coverage/on-call/page":                   {right: team.Handle, form: "service=osv_0000000000zz1&title=Down", status: 404},
	"GET /coverage/on-call/pages/{id}":              {right: team.ReadConversations, id: "call"},
	"POST /coverage/on-call/pages/{id}/acknowledge": {right: team.ReadConversations, also: []team.Right{team.Handle}, id: "call"},
	"POST /coverage/on-call/pages/{id}/resolve":     {right: team.ReadConversations, also: []team.Right{team.Handle}, id: "call"},
	"POST /coverage/on-call/pages/{id}/reassign":    {right: team.ReadConversations, also: []team.Right{team.Handle}, id: "call", form: "person={colleague}"},
	"GET /coverage/on-call/services/{id}":           {right: team.ManageSettings, id: "service"},
	"POST /coverage/on-call/services/{id}":          {right: team.ManageSettings, id: "service", form: "name=Till+of+{n}&n=1&0.who={colleague}&0.wait=5"},
	"POST /coverage/on-call/services/{id}/try":      {right: team.ManageSettings, id: "service"},
	"POST /coverage/on-call/services/{id}/delete":   {right: team.ManageSettings, id: "service"},
	"GET /answer/{id}/{token}":                      {public: true, with: []string{"id", "ntc_0000000000zz1", "token", "nonsense"}, status: 404},
	"POST /answer/{id}/{token}":                     {public: true, with: []string{"id", "ntc_0000000000zz1", "token", "nonsense"}, status: 404},

	// Notices: everybody has his own.
	"GET /notices":                                {},
	"GET /notices/bell":                           {},
	"POST /notices/read":                          {status: 303},
	"POST /notices/{id}/read":                     {with: []string{"id", "ntc_0000000000zz1"}, status: 303},
	"GET /notices.js":                             {public: true},
	"GET /settings/notices":                       {},
	"POST /settings/notices":                      {form: "mentioned.bell=on&quiet=on&from=22:00&until=07:00"},
	"POST /settings/notices/try":                  {},
	"POST /settings/notices/browsers":             {form: "subscription={}", status: 422},
	"POST /settings/notices/browsers/{id}/delete": {with: []string{"id", "brw_0000000000zz1"}, status: 404},
	"POST /settings/notices/slack":                {form: "slack="},
	"POST /settings/notices/slack/firm":           {right: team.ManageSettings, form: "slack="},

	// The house.
	"GET /settings/tags":                                        {right: team.ManageSettings},
	"POST /settings/tags":                                       {right: team.ManageSettings, form: "name=late+{n}"},
	"POST /settings/tags/{id}/rename":                           {right: team.ManageSettings, id: "label", form: "name=later+{n}"},
	"POST /settings/tags/{id}/delete":                           {right: team.ManageSettings, id: "label"},
	"GET /settings/fields":                                      {right: team.ManageSettings},
	"GET /settings/fields/{holder}/new":                         {right: team.ManageSettings, with: []string{"holder", "contact"}},
	"POST /settings/fields/{holder}/new":                        {right: team.ManageSettings, with: []string{"holder", "contact"}, form: "key=g{n}&label_en=G&label_ko=G&type=text&rank=1"},
	"GET /settings/fields/{holder}/{id}":                        {right: team.ManageSettings, id: "field", with: []string{"holder", "conversation"}},
	"POST /settings/fields/{holder}/{id}":                       {right: team.ManageSettings, id: "field", with: []string{"holder", "conversation"}, form: "label_en=G&label_ko=G&rank=2"},
	"POST /settings/fields/{holder}/{id}/delete":                {right: team.ManageSettings, id: "field", with: []string{"holder", "conversation"}},
	"GET /settings/tokens":                                      {right: team.ManageTokens},
	"GET /settings/tokens/new":                                  {right: team.ManageTokens},
	"POST /settings/tokens/new":                                 {right: team.ManageTokens, also: []team.Right{team.ReadConversations, team.Note, team.ReadContacts}, form: "name=Bot&role=light&as=itself&rate=10"},
	"POST /settings/tokens/{id}/revoke":                         {right: team.ManageTokens, id: "token"},
	"GET /settings/rules":                                       {right: team.ManageSettings},
	"GET /settings/rules/new":                                   {right: team.ManageSettings},
	"POST /settings/rules/new":                                  {right: team.ManageSettings, form: "name=Tag&when=conversation.received&a=0&a0.do=tag&a0.tag=x&do=save"},
	"GET /settings/rules/{id}":                                  {right: team.ManageSettings, id: "ruled"},
	"GET /settings/rules/{id}/edit":                             {right: team.ManageSettings, id: "ruled"},
	"POST /settings/rules/{id}/edit":                            {right: team.ManageSettings, id: "ruled", form: "name=Other&when=conversation.received&a=0&a0.do=tag&a0.tag=y&do=save"},
	"POST /settings/rules/{id}/switch":                          {right: team.ManageSettings, id: "ruled", form: "on=yes"},
	"POST /settings/rules/{id}/move":                            {right: team.ManageSettings, id: "ruled", form: "to=0"},
	"POST /settings/rules/{id}/delete":                          {right: team.ManageSettings, id: "ruled"},
	"GET /settings/webhooks":                                    {right: team.ManageTokens, also: []team.Right{team.ReadAudit}},
	"GET /settings/webhooks/new":                                {right: team.ManageTokens},
	"POST /settings/webhooks/new":                               {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, form: "address=https://shop.example/in&what=some&kinds=chat"},
	"GET /settings/webhooks/{id}":                               {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook"},
	"GET /settings/webhooks/{id}/edit":                          {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook"},
	"POST /settings/webhooks/{id}/edit":                         {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook", form: "address=https://shop.example/other&what=some&kinds=chat"},
	"POST /settings/webhooks/{id}/rotate":                       {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook"},
	"POST /settings/webhooks/{id}/resend":                       {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook", form: "since=2000-01-01T00:00", status: 422},
	"POST /settings/webhooks/{id}/{do}":                         {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook", with: []string{"do", "off"}},
	"POST /settings/webhooks/{id}/deliveries/{delivery}/resend": {right: team.ManageTokens, also: []team.Right{team.ReadAudit}, id: "hook", with: []string{"delivery", "wdl_0000000000zz1"}, status: 404},
	"GET /settings/incoming":                                    {right: team.ManageTokens, also: []team.Right{team.EditContacts}},
	"GET /settings/incoming/new":                                {right: team.ManageTokens},
	"POST /settings/incoming/new":                               {right: team.ManageTokens, also: []team.Right{team.EditContacts}, form: "name=Shop&scheme=bearer"},
	"GET /settings/incoming/{id}":                               {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told"},
	"GET /settings/incoming/{id}/edit":                          {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told"},
	"POST /settings/incoming/{id}/edit":                         {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told", form: "name=Shop&scheme=bearer&row=0&row.0.to=customer.email&row.0.from=email&do=save"},
	"POST /settings/incoming/{id}/rotate":                       {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told"},
	"POST /settings/incoming/{id}/test":                         {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told", form: "raw={}"},
	"POST /settings/incoming/{id}/{do}":                         {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told", with: []string{"do", "off"}},
	"POST /settings/incoming/{id}/items/{item}/retry":           {right: team.ManageTokens, also: []team.Right{team.EditContacts}, id: "told", with: []string{"item", "hki_0000000000zz1"}, status: 404},
	"GET /settings/requests":                                    {right: team.ManageSettings},
	"POST /settings/requests/{id}/retry":                        {right: team.ManageSettings, id: "request"},
	"GET /settings/secrets":                                     {right: team.ManageTokens},
	"GET /settings/secrets/new":                                 {right: team.ManageTokens},
	"POST /settings/secrets/new":                                {right: team.ManageTokens, form: "name=new_{n}&host=shop.example&value=x"},
	"GET /settings/secrets/{id}":                                {right: team.ManageTokens, id: "secret"},
	"POST /settings/secrets/{id}":                               {right: team.ManageTokens, id: "secret", form: "value=y"},
	"POST /settings/secrets/{id}/delete":                        {right: team.ManageTokens, id: "secret"},
	"GET /settings/jobs":                                        {right: team.ManageJobs},
	"POST /settings/jobs/{id}/retry":                            {right: team.ManageJobs, id: "job"},
	"POST /settings/jobs/{id}/discard":                          {right: team.ManageJobs, id: "job"},
	"GET /settings/audit":                                       {right: team.ReadAudit},
	"GET /settings/audit/verify":                                {right: team.ReadAudit},
	"GET /settings/audit.csv":                                   {right: team.ReadAudit},
	"GET /settings/firm":                                        {right: team.ManageSettings},
	"POST /settings/firm":                                       {right: team.ManageSettings, form: "firm=달빛상점&language=ko&zone=Asia/Seoul"},
}

// searches are the places where one thing stands among others: none of them shows what is another team's.
func (w *walk) searches() {
	f := w.foreign
	paths := []string{"/inbox?view=all&tag=vip", "/inbox?view=unassigned", "/inbox?view=teams", "/inbox?view=all&team=" + f["of"], "/inbox?view=all&inbox=" + f["inbox"],
		"/inbox?view=solved", "/inbox?view=mentions", "/inbox?view=following", "/search?q=lampe&status=all", "/find?q=" + f["number"], "/find?q=%23" + f["number"],
		"/inbox/" + w.own["conversation"] + "/merge", "/inbox/" + w.own["conversation"] + "/merge?q=%23" + f["number"], "/inbox/" + w.own["conversation"] + "/merge?other=" + f["conversation"],
		"/customers", "/customers/" + f["contact"], "/customers/" + f["contact"] + "?show=conversations", "/customers/" + f["contact"] + "?show=open",
		"/customers/" + f["contact"] + "/merge?other=" + w.own["contact"], "/customers/" + w.own["contact"] + "/merge?other=" + f["contact"],
		"/customers/" + f["contact"] + "/erase", "/companies/" + f["company"], "/companies", "/settings/audit.csv", "/settings/audit?subject=" + f["conversation"]}
	for _, p := range w.people {
		if !p.narrow && !p.masked {
			continue
		}
		for _, path := range paths {
			w.asked++
			a := p.Get(path)
			if a.Status >= 500 || strings.HasPrefix(a.To, "/sign-in") {
				w.t.Errorf("%s by %s: %.300s", path, p.name, said(a))
			}
			w.keeps(path, p, a)
		}
		export := p.Post("/customers/" + f["contact"] + "/export")
		w.keeps("an export", p, export)
		if p.can(team.Export) {
			export.Is(200).Says(`"complete": false`, `"conversations": []`)
		}
	}
	w.owner.Post("/customers/"+f["contact"]+"/export").Is(200).Says(`"complete": true`, secret(w.theirs))
}

// inForms sends the ids of what is another team's inside forms: the answer is the one to what never was, and
// nothing is changed.
func (w *walk) inForms() {
	forms := []struct{ path, form string }{
		{"/inbox/" + w.own["conversation"] + "/merge", "other={conversation}"},
		{"/inbox/" + w.own["conversation"] + "/merge", "other={conversation}&swap=1"},
		{"/inbox/bulk", "talk={conversation}&do=take"},
		{"/inbox/bulk", "talk={conversation}&do=solved"},
		{"/inbox/bulk", "talk={conversation}&do=tag&tag=stolen"},
		{"/inbox/bulk", "all=1&do=solved&back=/inbox%3Fview%3Dall%26team%3D{of}"},
		{"/inbox/bulk", "all=1&do=solved&sure=1&until=4000000000000&back=/inbox%3Fview%3Dall%26team%3D{of}"},
		{"/inbox/" + w.own["conversation"] + "/say", "kind=note&note=x&file={upload}"},
		{"/inbox/" + w.own["conversation"] + "/say", "kind=reply&reply=x&file={upload}"},
		{"/inbox/new", "inbox={inbox}&to=x@y.example&subject=x&text=x&file={upload}"},
	}
	f, gone := w.foreign, w.foreign.absent()
	w.other.Do(func(ctx context.Context, tx *db.Tx) error {
		u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: secret(w.theirs), Type: "text/plain", Size: 3, Blob: "x"})
		f["upload"], gone["upload"] = u.ID.String(), "upl_0000000000zz1"
		return err
	})
	gone["inbox"] = f["inbox"]
	for _, p := range w.people {
		if !p.narrow && !p.masked || !p.can(team.Handle, team.Reply) {
			continue
		}
		token, before := p.Token(), w.state()
		for _, x := range forms {
			answers := []house.Answer{}
			for _, on := range []things{f, gone} {
				form := on.fillForm(x.form)
				form.Set("_csrf", token)
				w.asked++
				answers = append(answers, p.Send("POST", x.path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded"))
			}
			if said(answers[0]) != said(answers[1]) {
				w.t.Errorf("%s with %s by %s: %.300q on another's, %.300q on what never was", x.path, x.form, p.name, said(answers[0]), said(answers[1]))
			}
			if after := w.state(); after != before {
				w.t.Errorf("%s with %s by %s changed something:\n%s\n%s", x.path, x.form, p.name, before, after)
				before = after
			}
			w.keeps(x.path, p, answers[0])
		}
	}
}
