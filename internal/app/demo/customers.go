package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

var fields = []contact.Field{
	{Holder: contact.OfContact, Key: "lamp", English: "Favourite lamp", Korean: "좋아하는 램프", Type: contact.ChoiceField, Choices: lampsKo, Rank: 1},
	{Holder: contact.OfContact, Key: "bought_at", English: "First bought on", Korean: "처음 산 날", Type: contact.DateField, Rank: 2},
	{Holder: contact.OfContact, Key: "found_by", English: "Found us by", Korean: "알게 된 길", Type: contact.TextField, Rank: 3},
	{Holder: contact.OfCompany, Key: "lamps", English: "Lamps in use", Korean: "쓰는 램프 수", Type: contact.NumberField, Rank: 1},
	{Holder: contact.OfCompany, Key: "care_until", English: "Maintenance until", Korean: "점검 계약 끝", Type: contact.DateField, Rank: 2},
}

// firm is a company that buys from the shop, with its people.
type firm struct {
	name, domain, industry, size, tier string
	value                              int64
	lamps                              int
	korean                             bool
	people                             []string // "name local-part title"
}

var firms = []firm{
	{"솔잎서가", "solip.example", "서점", "1-9", "단골", 2_400_000, 8, true, []string{"윤하람 haram 대표", "이솔빛 solbit 매니저"}},
	{"온담건축", "ondam.example", "건축", "10-49", "큰손", 18_000_000, 64, true, []string{"정다람 daram 소장", "하도윤 doyun 실장", "민세아 sea 디자이너"}},
	{"모래시계 카페", "moraesigye.example", "카페", "1-9", "단골", 3_100_000, 14, true, []string{"임보리 bori 대표", "고은결 eungyeol 점장"}},
	{"도토리 어린이집", "dotori.example", "교육", "10-49", "보통", 1_200_000, 9, true, []string{"배가람 garam 원장"}},
	{"은하수 게스트하우스", "eunhasu.example", "숙박", "1-9", "단골", 5_600_000, 22, true, []string{"차유나 yuna 대표", "문이준 ijun 매니저"}},
	{"물결치과", "mulgyeol.example", "의료", "10-49", "보통", 2_000_000, 11, true, []string{"송미르 mireu 실장"}},
	{"새벽빵집", "saebyeok.example", "음식", "1-9", "보통", 900_000, 5, true, []string{"노아란 aran 대표"}},
	{"누리출판", "nuri.example", "출판", "10-49", "보통", 1_500_000, 7, true, []string{"허지안 jian 총무", "백소담 sodam 편집자"}},
	{"가람한의원", "garamclinic.example", "의료", "1-9", "단골", 1_800_000, 8, true, []string{"표은수 eunsu 원장"}},
	{"한결디자인", "hangyeol.example", "디자인", "10-49", "큰손", 9_800_000, 31, true, []string{"유라온 raon 팀장", "남시우 siu 대리"}},
	{"Harbour & Pine Hotel", "harbourpine.example", "Hotel", "50-249", "큰손", 42_000_000, 120, false, []string{"Ruth Calder ruth Housekeeping", "Tom Ferris tom Facilities", "Ines Moreau ines Purchasing"}},
	{"Birchfield Interiors", "birchfield.example", "Design", "10-49", "큰손", 15_500_000, 48, false, []string{"Owen Marsh owen Partner", "Priya Nair priya Designer"}},
	{"Lantern & Loaf", "lanternloaf.example", "Food", "1-9", "단골", 2_700_000, 12, false, []string{"Greta Lind greta Owner"}},
	{"Studio Okeanos", "okeanos.example", "Design", "1-9", "보통", 1_100_000, 6, false, []string{"Nikos Vale nikos Founder", "Maya Stone maya Producer"}},
	{"Northlight Gallery", "northlight.example", "Art", "10-49", "단골", 6_400_000, 26, false, []string{"Edith Crane edith Curator", "Samuel Roe samuel Technician"}},
	{"Tilde Coworking", "tilde.example", "Offices", "10-49", "단골", 7_200_000, 40, false, []string{"Jonas Weber jonas Operations"}},
}

func (f firm) create(ctx context.Context, tx *db.Tx) error {
	c, err := contact.CreateCompany(ctx, tx, contact.Company{Name: f.name, Industry: f.industry, Size: f.size, Tier: f.tier, Value: f.value, Currency: "KRW",
		Domains: []string{f.domain}})
	if err != nil {
		return err
	}
	return contact.SetCompanyValues(ctx, tx, c.ID, map[string]string{"lamps": fmt.Sprint(f.lamps), "care_until": tx.Now().AddDate(1, int(f.value%7), 0).Format(time.DateOnly)})
}

// customer is somebody who writes to the shop, or may.
type customer struct {
	name, email, title, firm string
	korean                   bool
	known                    bool // his details were filled in
}

// How many there are, with those of the firms.
const koreans, others = 76, 44

const (
	surnames = `김 kim 이 lee 박 park 최 choi 정 jung 강 kang 조 cho 윤 yoon 장 jang 임 lim 한 han 오 oh 서 seo 신 shin 권 kwon 황 hwang 안 ahn 송 song 전 jeon 홍 hong`
	givens   = `해온 haeon 나린 narin 다온 daon 라희 rahui 마루 maru 바다 bada 새론 saeron 아람 aram 지유 jiyu 찬솔 chansol 태오 taeo 하늘 haneul 건우 geonu 도경 dogyeong 로운 roun 미소 miso 별하 byeolha 서진 seojin 예준 yejun 우주 uju 은채 eunchae 재이 jaei 주원 juwon 채아 chaea 하율 hayul 현서 hyeonseo 가은 gaeun 단비 danbi 시온 sion 윤슬 yunseul`
	first    = `Amelia Bruno Carla Dario Elin Finn Gemma Hugo Iris Jasper Kaia Leo Mabel Nils Olive Pablo Quinn Rosa Sven Tessa Uma Victor Wren Yara`
	last     = `Abbott Brandt Clarke Duval Eriksen Foster Grieg Hale Ivers Jansen Kerr Lowe Moss Novak Ortiz Price`
)

// customers are all who will write; the same each time.
func customers() (list []customer) {
	for _, f := range firms {
		for _, p := range f.people {
			c := customer{firm: f.name, korean: f.korean}
			words := strings.Fields(p)
			n := len(words)
			c.name, c.email, c.title = strings.Join(words[:n-2], " "), words[n-2]+"@"+f.domain, words[n-1]
			list = append(list, c)
		}
	}
	count := func(korean bool) (n int) {
		for _, c := range list {
			if c.korean == korean {
				n++
			}
		}
		return n
	}
	family, given := strings.Fields(surnames), strings.Fields(givens)
	for i := 0; count(true) < koreans; i++ {
		f, g := i*7%20*2, i*11%30*2
		list = append(list, customer{name: family[f] + given[g], email: given[g+1] + "." + family[f+1] + "@" + mailHost(i), korean: true})
	}
	before, after := strings.Fields(first), strings.Fields(last)
	for i := 0; count(false) < others; i++ {
		f, l := before[i%len(before)], after[i*5%len(after)]
		list = append(list, customer{name: f + " " + l, email: strings.ToLower(f + "." + l + "@" + mailHost(i))})
	}
	return list
}

func mailHost(i int) string {
	if i%3 == 0 {
		return "post.example"
	}
	return "mail.example"
}

// sender is how the channel knows him.
func (c customer) sender() contact.Sender {
	s := contact.Sender{Email: c.email, Name: c.name, Language: "en"}
	if c.korean {
		s.Language, s.TimeZone = "ko", "Asia/Seoul"
	}
	return s
}

var (
	noticesKo = []string{"전화보다 메일을 좋아하세요.", "답장을 짧게 드리는 것을 좋아하세요.", "아이가 있어 모서리가 둥근 것을 찾으세요.", "다음 봄에 이사하세요. 주소를 다시 여쭤보기.", "지난번 파손 때 많이 속상해하셨어요. 포장 두 겹."}
	noticesEn = []string{"Prefers mail to the phone.", "Collects the moon jar series.", "Moves in spring: ask for the address again.", "Very quick to answer; be quick too."}
	foundKo   = []string{"친구 소개", "검색", "전시회", "잡지", "가게 앞을 지나다가"}
	foundEn   = []string{"A friend", "Search", "Exhibition", "A magazine"}
)

// learn fills in what the shop knows about somebody, as one of the shop.
func (c customer) learn(ctx context.Context, tx *db.Tx, id contact.ID, r *rand.Rand) error {
	notes, found, lamp := noticesEn, foundEn, lampsKo
	if c.korean {
		notes, found = noticesKo, foundKo
	}
	_, err := contact.Update(ctx, tx, id, func(p *contact.Contact) error {
		p.Title, p.Stage = c.title, pick(r, []contact.Stage{contact.PostSale, contact.PostSale, contact.PostSale, contact.Onboarding, contact.Renewal, contact.PreSale})
		if c.korean {
			p.Region = pick(r, cities)
		}
		if r.IntN(6) == 0 {
			p.Remember = pick(r, notes)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.IntN(2) == 0 {
		if _, err := contact.AddAddress(ctx, tx, id, contact.Phone, fmt.Sprintf("010-%04d-%04d", 2000+r.IntN(7000), r.IntN(10000))); err != nil {
			return err
		}
	}
	if err := contact.SetValues(ctx, tx, id, map[string]string{"lamp": pick(r, lamp), "found_by": pick(r, found),
		"bought_at": tx.Now().AddDate(0, -r.IntN(30), -r.IntN(28)).Format(time.DateOnly)}); err != nil {
		return err
	}
	if r.IntN(4) == 0 {
		if _, err := contact.AddNote(ctx, tx, id, pick(r, notes), r.IntN(3) == 0); err != nil {
			return err
		}
	}
	if tag := pick(r, []string{"단골", "선물", "소식지", "", ""}); tag != "" {
		return contact.Tag(ctx, tx, id, []string{tag}, nil)
	}
	return nil
}

// strangers are those who have not written yet: somebody typed them in.
func (s *story) strangers() {
	for i, c := range s.customers {
		if c.known {
			continue
		}
		at := s.begin.Add(24*time.Hour + time.Duration(i)*span/time.Duration(len(s.customers)))
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			r := rand.New(rand.NewPCG(seed, uint64(5000+i)))
			ctx = s.as(ctx, pick(r, []string{ideun, clara}))
			p, err := contact.Create(ctx, tx, c.sender())
			if err != nil {
				return err
			}
			return c.learn(ctx, tx, p.ID, r)
		})
	}
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
