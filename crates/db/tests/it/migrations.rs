use db::{Engine, Migration, OpenError};

use crate::{Place, SCHEMA, both};

both! {
    a_list_is_applied_once
    a_changed_or_misplaced_migration_stops_the_start
    a_newer_database_is_refused
    a_failing_migration_leaves_nothing
    two_processes_may_migrate_at_once
}

const MORE: Migration =
    Migration { number: 5, name: "more", sql: "-- reference\ncreate table more ({pk id}, note {text}); insert into more values (1, 'a;b');" };

fn list(more: &[Migration]) -> Vec<Migration> {
    SCHEMA.iter().chain(more).copied().collect()
}

async fn a_list_is_applied_once(place: Place) {
    let again = place.db.migrate(SCHEMA).unwrap();
    assert_eq!((again.applied, again.version), (vec![], 1));
    let more = place.db.migrate(&list(&[MORE])).unwrap();
    assert_eq!((more.applied, more.version), (vec![5], 5));
    let note = place.db.system_read(|tx| tx.one::<(i64, String)>("select id, note from more", db::params![])).await.unwrap();
    assert_eq!(note, (1, "a;b".to_owned()));
}

async fn a_changed_or_misplaced_migration_stops_the_start(place: Place) {
    place.db.migrate(&list(&[MORE])).unwrap();
    let refused = |list: Vec<Migration>, words: &str| {
        let error = place.db.migrate(&list).unwrap_err();
        assert!(matches!(error, OpenError::Migration { .. }) && error.to_string().contains(words), "{error}");
    };
    refused(list(&[Migration { sql: "select 1", ..MORE }]), "was changed after");
    refused(list(&[MORE, MORE]), "used once");
    refused(list(&[Migration { number: 3, ..MORE }, MORE]), "higher number");
    refused(vec![MORE], "does not know it");
    // Line ends of another system are no change.
    let windows: &'static str = MORE.sql.replace('\n', "\r\n").leak();
    place.db.migrate(&list(&[Migration { sql: windows, ..MORE }])).unwrap();
}

async fn a_newer_database_is_refused(place: Place) {
    place.db.migrate(&list(&[MORE])).unwrap();
    let error = place.db.migrate(SCHEMA).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 5, known: 1 }), "{error}");
    assert!(error.to_string().contains("newer kafila"));
}

async fn a_failing_migration_leaves_nothing(place: Place) {
    let broken = Migration { sql: "-- reference\ncreate table more ({pk id});\ninsert into nowhere values (1);", ..MORE };
    let error = place.db.migrate(&list(&[broken])).unwrap_err();
    assert!(matches!(error, OpenError::Migration { number: 5, .. }), "{error}");
    place.db.system_read(|tx| tx.rows::<(i64,)>("select id from more", db::params![])).await.unwrap_err();
    assert_eq!(place.db.migrate(&list(&[MORE])).unwrap().applied, [5]);
}

async fn two_processes_may_migrate_at_once(place: Place) {
    let list = list(&[MORE]);
    let applied: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| place.db.migrate(&list).unwrap().applied.len())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert_eq!(applied, 1);
}

#[test]
fn the_schema_of_these_tests_is_tidy() {
    assert_eq!(db::lint_migrations(&list(&[MORE])), Vec::<String>::new());
}

#[tokio::test]
async fn migrating_inside_a_runtime_works() {
    let place = Place::empty(Engine::Postgres);
    assert_eq!(place.db.migrate(SCHEMA).unwrap().applied, [1]);
}
