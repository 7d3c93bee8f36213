// Package dial is the only way out of the house: mail servers, webhooks, sign-in, link previews, image proxy and
// object store all connect through a [Dialer].
//
// A name is resolved and every address it stands for is checked at the moment of connecting; the connection goes to the
// checked address itself, never to the name again, so a resolver that changes its answer (DNS rebinding) gains nothing. Each
// redirect of an HTTP call is a new connection and is checked again. Private, local and special networks are refused
// unless the operator allows them by prefix, because many firms have their mail server in the next room.
//
// No connection waits for ever: connecting has a deadline, and so has every read and write.
//
// What went wrong is an [*Error]. Its text says only that there was no connection, the same for a closed port, a
// refused network and an unknown name, so that nobody can map the operator's network through a settings page. The log
// gets [Error.Detail].
package dial
