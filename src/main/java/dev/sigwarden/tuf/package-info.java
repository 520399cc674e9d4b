/// A client of The Update Framework (TUF specification 1.0, section 5): from a root that the
/// operator trusts to a target file that the repository's keys vouch for now. No delegations: the
/// files that Sigwarden asks for stand in the top-level targets.
///
/// What a repository serves is refused in words or taken whole. `Repository` is the only way out
/// and `TufCache` the only way to the disk; the package knows nothing of Sigstore or of logs.
@NullMarked
package dev.sigwarden.tuf;

import org.jspecify.annotations.NullMarked;
