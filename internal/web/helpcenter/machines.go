package helpcenter

import (
	"encoding/xml"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// crumb is a place on the way to a page.
type crumb struct{ Name, Path string }

// trail says to machines where a page stands (schema.org BreadcrumbList).
func trail(p around, way ...crumb) map[string]any {
	way = append([]crumb{{t(p.ctx, "help"), "/hc/" + string(p.locale) + "/"}}, way...)
	var items []map[string]any
	for i, c := range way {
		items = append(items, map[string]any{"@type": "ListItem", "position": i + 1, "name": c.Name, "item": p.base + escaped(c.Path)})
	}
	return map[string]any{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
}

// siteData says that there is a search (schema.org WebSite).
func siteData(p around) map[string]any {
	home := p.base + "/hc/" + string(p.locale) + "/"
	return map[string]any{"@context": "https://schema.org", "@type": "WebSite", "name": shop(p.ctx), "url": home, "inLanguage": p.locale,
		"potentialAction": map[string]any{"@type": "SearchAction", "target": home + "search?q={search_term_string}", "query-input": "required name=search_term_string"}}
}

// articleData describes an article (schema.org TechArticle), with the way to it.
func articleData(p articlePageProps) any {
	var way []crumb
	for _, c := range []knowledge.Category{p.Above, p.Category} {
		if c.ID != 0 {
			way = append(way, crumb{c.Called(p.locale), categoryPath(p.locale, c)})
		}
	}
	article := map[string]any{"@context": "https://schema.org", "@type": "TechArticle", "headline": p.Article.Title, "description": p.Article.Summary, "inLanguage": p.locale,
		"dateModified": p.Article.PublishedAt.Format(time.RFC3339), "mainEntityOfPage": p.base + escaped(p.Path), "publisher": map[string]any{"@type": "Organization", "name": shop(p.ctx)}}
	return []any{article, trail(p.around, append(way, crumb{p.Article.Title, p.Path})...)}
}

// urlset is the map of the site (sitemaps.org 0.9), with the languages of each page.
type urlset struct {
	XMLName xml.Name   `xml:"urlset"`
	NS      string     `xml:"xmlns,attr"`
	XHTML   string     `xml:"xmlns:xhtml,attr"`
	URLs    []pageInfo `xml:"url"`
}

type pageInfo struct {
	Loc     string      `xml:"loc"`
	LastMod string      `xml:"lastmod,omitempty"`
	Links   []alternate `xml:"xhtml:link"`
}

type alternate struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

// sitemap is GET /hc/sitemap.xml: what everybody may read, whoever asks.
func (a area) sitemap(w http.ResponseWriter, r *http.Request) error {
	v := a.visit(r, i18n.English)
	v.ctx = knowledge.For(v.ctx, knowledge.Reader{})
	set := urlset{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	for _, l := range i18n.Locales() {
		set.URLs = append(set.URLs, pageInfo{Loc: v.base + "/hc/" + string(l) + "/"})
	}
	err := a.read(v, func(tx *db.Tx) error {
		all, err := knowledge.AllPages(v.ctx, tx)
		if err != nil {
			return err
		}
		byArticle := map[knowledge.ID][]knowledge.Page{}
		for _, p := range all {
			byArticle[p.Article] = append(byArticle[p.Article], p)
		}
		for _, p := range all {
			u := pageInfo{Loc: v.base + escaped(p.Path()), LastMod: p.PublishedAt.Format(time.DateOnly)}
			for _, o := range byArticle[p.Article] {
				u.Links = append(u.Links, alternate{"alternate", string(o.Locale), v.base + escaped(o.Path())})
			}
			set.URLs = append(set.URLs, u)
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	if _, err := w.Write([]byte(xml.Header)); err != nil {
		return nil // the reader went away
	}
	return xml.NewEncoder(w).Encode(set)
}

// robots is GET /robots.txt: the help centre is for search engines, the desk is not.
func (a area) robots(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write([]byte("User-agent: *\nAllow: /hc/\nAllow: /status\nAllow: /static/\nDisallow: /hc/*/search\nDisallow: /\nSitemap: " + a.Base(r) + "/hc/sitemap.xml\n"))
	return nil
}
