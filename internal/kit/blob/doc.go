// Package blob keeps files outside the database: attachments, original mails, pictures. A file is written once under a
// random name and never changed; its name for people, its type and its owner are in the database.
//
// There are two stores: a folder, and a bucket of anything that speaks S3. [OpenURL] takes whichever the operator named.
//
// A file is put before the row that points to it is committed, so that a row never points nowhere. A crash between the
// two leaves a file without a row; garbage collection walks [Store.Each] and deletes those that are older than a day.
package blob
