/// What people are told: findings and conditions, their stable ids, the routes to receivers
/// (`Routes` makes a `Plan` for each alert), what holds tellings back (`Silence`, `Inhibition`,
/// `TimeInterval`), and the words (`alert-templates/`). Every string from a log passes
/// `text.Sanitizer`; none of them is a `Label` that routes and silences go by.
@NullMarked
package dev.sigwarden.alert;

import org.jspecify.annotations.NullMarked;
