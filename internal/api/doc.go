// Package api is how other programs use the desk: REST under /api/v1, described
// by OpenAPI 3.1 at /api/v1/openapi.json and for people at /api/docs. One file
// per resource; routes.go lists them.
//
// # What every operation has in common
//
//   - A bearer token says who acts. Without one: 401. What its role may not do:
//     403. What it may not see: 404, exactly as what is not there.
//   - Bodies are JSON in UTF-8. A field that is not known, or a value that does
//     not do, is 422 and changes nothing.
//   - Lists are {"items":[…],"next":"cursor"|null}.
//   - Refusals are application/problem+json (RFC 9457) in the language of
//     Accept-Language. What is our fault has a reference, and the log the rest.
//   - A POST with an Idempotency-Key is done once: see idempotency.go.
//
// # How a request runs
//
// A GET is one read transaction, from recognising the token to the last row. Every
// other request is one write transaction around the commands that it calls, with
// the answer that is kept for its Idempotency-Key. Answers are made whole before
// the first byte leaves, so nobody who reads slowly holds a connection.
package api
