// Package forms is the pages on which customers send a form (internal/form): /f/{form}, and /f/{form}/embed for frames on
// the firm's own sites. Everything works without scripts; errors stand beside their fields, and nothing typed is lost, files
// included.
//
// Who asks is nobody: the pages read no cookie and set none. What makes a page ours is its signed stamp, so they work in a
// frame too, where browsers keep cookies back. Files that came with a form which was not accepted yet go back into the
// page as a sealed note of where they lie.
package forms
