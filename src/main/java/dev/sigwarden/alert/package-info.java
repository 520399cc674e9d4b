/// What people are told: findings and conditions, their stable ids, the routes to receivers, the
/// words (`alert-templates/`) and the one sanitiser that every string from a log passes.
@NullMarked
package dev.sigwarden.alert;

import org.jspecify.annotations.NullMarked;
