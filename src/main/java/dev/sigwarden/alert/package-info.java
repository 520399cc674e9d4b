/// What people are told: findings and conditions, their stable ids, the routes to receivers, and
/// the words (`alert-templates/`). Every string from a log passes `text.Sanitizer`.
@NullMarked
package dev.sigwarden.alert;

import org.jspecify.annotations.NullMarked;
