/// REST under `/api/v1`, for people and pipelines, and checkpoints for other monitors. Every method
/// says by `@Needs` what a caller must be allowed; `Guard` refuses whoever is not. Every change is
/// written into the audit log in the transaction that makes it. A new resource is a class here;
/// what it asks of the database is `store.Desk`'s.
@NullMarked
package dev.sigwarden.api;

import org.jspecify.annotations.NullMarked;
