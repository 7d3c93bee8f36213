package api

import "github.com/danielgtaylor/huma/v2"

const docsPolicy = "default-src 'none'; frame-ancestors 'none'"

func docsPage(*huma.OpenAPI) []byte { return []byte("docs") }
