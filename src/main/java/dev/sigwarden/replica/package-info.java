/// Which of the tasks that replicas share fall to this one: the turns of each log, the deliveries
/// to each receiver, the reviews.
///
/// Quartz (`schedule`) says in each replica when a task is due; a lease in the database says in
/// which of them it runs, by the database's clock. Quartz's own cluster is not used: it goes by the
/// clock of each machine, which its manual wants within a second of each other; it hands a task to
/// any replica, also to one whose configuration does not have it, which is what a rolling update
/// makes; and it moves a log at each turn, where a lease stays, so that whoever takes a log over
/// begins as after a restart, with nothing in memory that another has overtaken.
///
/// A lease says only where work is not done twice for nothing. That two who both believe to have a
/// log cannot both move its position is the commit's own doing (`store`).
@NullMarked
package dev.sigwarden.replica;

import org.jspecify.annotations.NullMarked;
