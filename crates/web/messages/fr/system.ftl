# L’installation : santé, travaux en coulisse, sauvegardes, journal technique.

system-title = Système
system-window = { $title } · Système · Kafila
system-health = Santé
system-jobs = Travaux
system-tasks = Tâches
system-schedules = Planification
system-backups = Sauvegardes
system-logs = Journal technique
system-api = Lecteur de l’API
system-health-subtitle = Ce qui marche, ce qu’il faut regarder et que faire.
system-all-well = Tout est en ordre.
system-version = Version
system-uptime = En marche depuis
system-database = Base de données
system-database-size = { $engine }, { $size }
system-running = Travaux en cours
system-streams = Pages ouvertes en direct
system-look = Voir
system-look-in = Voir : { $title }
system-never = Jamais
system-unknown = inconnu
system-yes = Oui
system-all = Tous
system-state = État
system-kind = Type de travail
system-any-kind = Tous les travaux
system-filter = Filtrer
system-by = Pour
system-tried = Essais
system-tries = essai { $n } sur { $most }
system-retry = Réessayer
system-call-off = Annuler
system-payload = Données du travail
system-jobs-subtitle = Travaux en coulisse : ce qui attend, tourne ou a échoué.
system-job-retried = Le travail est relancé.
system-job-cancelled = Le travail est annulé.
system-no-dead-title = Aucun échec
system-no-dead-text = Les travaux qui échouent trop souvent apparaîtraient ici, avec la cause.
system-no-jobs-title = Aucun travail ici
system-no-jobs-text = Les travaux terminés sont retirés après un temps.
system-all-jobs = Voir tous les travaux
system-fact-id = Identifiant
system-fact-made = Créé
system-fact-due = Prévu
system-fact-was-due = Était prévu
system-fact-ended = Terminé
system-fact-event = Découle de
system-fact-task = Tâche
system-fact-done = Fait
system-tasks-subtitle = Travaux longs que quelqu’un attend : imports, fichiers, actions groupées.
system-no-tasks-title = Aucun travail long
system-no-tasks-text = Les imports, fichiers et actions groupées apparaissent ici.
system-col-work = Travail
system-col-progress = Avancement
system-col-actions = Actions
system-download-of = Télécharger { $title }
system-schedules-subtitle = Travaux qui reviennent à heure fixe.
system-schedule-changed = Planification enregistrée.
system-schedule-run = Lancement en cours.
system-schedule-on = Activée
system-schedule-theirs = Quelqu’un d’autre a enregistré entre-temps : { $cron }, { $zone }, { $state }. Enregistrez à nouveau pour remplacer.
system-on = Activée
system-off = Désactivée
system-last-run = Dernière
system-next-run = Prochaine
system-cron = Horaires
system-cron-hint = Minute, heure, jour du mois, mois, jour de la semaine : 30 2 * * *
system-zone = Fuseau
system-zone-hint = Par exemple Africa/Algiers
system-hours = Heures
system-hours-business = Heures ouvrables seulement
system-run = Lancer
system-run-of = Lancer : { $name }
system-save = Enregistrer
system-every-minute = chaque minute
system-every-minutes = toutes les { $n } minutes
system-every-hour = chaque heure
system-every-day = chaque jour à { $time }
system-backups-subtitle = Copies vérifiées de la base et de ses fichiers, chaque nuit et à la demande.
system-backups-postgres = PostgreSQL se sauvegarde avec ses propres outils, sur le serveur.
system-backup-now = Sauvegarder maintenant
system-backup-begun = La sauvegarde a commencé.
system-backup-running = La copie est faite, relue en entier et comptée. Vous pouvez quitter cette page.
system-backup-failed = La dernière sauvegarde a échoué : { $why }
system-backup-last = Dernière
system-backup-next = Prochaine
system-backup-size = Taille
system-backup-verified = Vérifiée
system-backup-made = Faite
system-backup-holds = Contenu
system-backup-replaced = mise de côté par une restauration
system-backup-before-migration = avant une mise à jour, fichiers listés
system-backup-migration = Migration
system-backup-files-fact = Fichiers
system-backup-sha256 = SHA-256
system-backup-about = À propos de cette sauvegarde
system-backup-tables = Lignes par table
system-backup-report = Vérifiée à sa création : la copie s’ouvre, sa structure et ses références sont saines, { $rows } lignes dans { $tables } tables ont été comptées.
system-backup-download = Télécharger la copie
system-backup-manifest = Manifeste
system-backup-download-hint = Elle contient tout sur tout le monde : gardez-la à l’abri. Chaque téléchargement est inscrit au journal d’audit. Les photos et fichiers sont à côté dans backups/files, les clés dans keys : copiez les deux sur le serveur.
system-no-backups-title = Aucune sauvegarde
system-no-backups-text = La première se fait la nuit, ou maintenant.
system-restore-title = Restaurer une sauvegarde
system-restore-text = La restauration est une commande sur le serveur, Kafila arrêté. La base actuelle est mise de côté, jamais supprimée. Mettez le nom de la sauvegarde à la place de NAME.
system-postgres-title = Sauvegarder et restaurer
system-postgres-text = Lancez ceci sur le serveur, par votre propre minuterie, et gardez le résultat sur une autre machine.
system-command-stop = Arrêter Kafila
system-command-restore = Mettre la sauvegarde à la place de la base
system-command-start = Relancer Kafila
system-command-dump = Copier la base
system-command-files = Copier les fichiers et les clés
system-command-pg-restore = La restaurer, Kafila arrêté
system-copy = Copier la commande

light-green = Bon
light-amber = À voir
light-red = Agir
light-unknown = Inconnu

health-database = Base de données
health-database-ok = Elle répond ; { $queued } appels attendent.
health-database-busy = { $queued } appels l’attendent.
health-database-busy-do = Cherchez un import ou une action groupée ; si cela dure, prenez un disque plus rapide.
health-disk = Disque
health-disk-ok = { $size } libres.
health-disk-little = Seulement { $size } libres.
health-disk-full = { $size } libres : le travail va s’arrêter.
health-disk-do = Faites de la place : déplacez d’anciennes sauvegardes, ou agrandissez le disque.
health-disk-unknown = Le système ne dit pas combien est libre.
health-backup = Sauvegarde
health-backup-ok = Dernière : { $made }, vérifiée. Prochaine : { $next }.
health-backup-first = Aucune pour le moment. La première : { $next }.
health-backup-first-do = Faites-en une maintenant pour ne pas attendre.
health-backup-none = Il n’y en a aucune.
health-backup-late = Dernière : { $made }.
health-backup-do = Faites-en une maintenant, et voyez dans les échecs pourquoi la nuit ne l’a pas faite.
health-backup-off = Dernière : { $made }, mais la planification de nuit est désactivée.
health-backup-off-do = Activez la planification.
health-backup-postgres = PostgreSQL se sauvegarde hors de Kafila : l’âge n’est pas connu ici.
health-backup-postgres-do = Veillez à ce que pg_dump tourne chaque nuit, et essayez une restauration.
health-queue = File d’attente
health-queue-ok = { $due } travaux à faire, { $running } en cours.
health-queue-late = { $due } travaux à faire, le plus ancien depuis { $span }.
health-queue-late-do = Un long import peut la retenir ; elle devrait se vider seule.
health-queue-stuck-do = Voyez si un exécutant tourne : kafila serve sans worker = false, ou kafila work ; puis lisez le journal technique.
health-failed = Travaux échoués
health-failed-ok = Aucun.
health-failed-do = Lisez la cause, corrigez, puis réessayez.
health-schedules = Planification
health-schedules-ok = Tout est à l’heure.
health-schedules-overdue = L’une a { $span } de retard.
health-mail = E-mail
health-mail-ok = Le courrier part par le serveur configuré.
health-mail-folder = Aucun serveur de courrier n’est configuré ; les e-mails sont écrits dans le dossier mail du répertoire de données.
health-mail-folder-do = Réglez mail.host et ce qui va avec, puis redémarrez.
health-mail-failing-do = Voyez la cause dans les échecs ; souvent le mot de passe ou le port est faux.
health-audit = Journal d’audit
health-audit-ok = Scellé, à quelques minutes près.
health-audit-late-do = Voyez dans la planification si le scellement est activé.
health-files = Fichiers
health-files-disk = Ils sont dans le répertoire de données et dans chaque sauvegarde.
health-files-bucket = Ils sont dans un stockage compatible S3 ; les sauvegardes ne les copient pas, gardez-y des versions.

log-subtitle = Ce que le serveur a écrit, le plus récent d’abord. Données personnelles et secrets sont masqués.
log-search = Filtrer le journal technique
log-any = Tous les niveaux
log-level = Niveau
log-error = Erreur
log-warn = Alerte
log-info = Info
log-debug = Débogage
log-text = Mots
log-request = Id de requête
log-follow = Suivre
log-unfollow = Suivi en cours
log-at = À
log-target = Partie
log-copy = Copier la ligne
log-older = Lignes plus anciennes
log-clear = Effacer les filtres
log-none-title = Aucune ligne ne correspond
log-none-text = Retirez un filtre, ou remontez plus loin.
log-empty-title = Le journal technique est vide
log-empty-text = Les fichiers sont désactivés (log.keep_files = 0), ou ce processus écrit ailleurs.

size-bytes = { $n } o
size-kb = { $n } ko
size-mb = { $n } Mo
size-gb = { $n } Go
span-seconds = { $n } s
span-minutes = { $n } min
span-hours = { $n } h

system-look-at = { $count ->
    [one] { $n } point est à voir.
    *[other] { $n } points sont à voir.
}
system-jobs-count = { $count ->
    [one] { $n } travail
    *[other] { $n } travaux
}
system-tasks-count = { $count ->
    [one] { $n } tâche
    *[other] { $n } tâches
}
system-task-errors = { $count ->
    [one] { $n } refus
    *[other] { $n } refus
}
system-backup-rows = { $count ->
    [one] { $n } ligne
    *[other] { $n } lignes
}
system-backup-files = { $count ->
    [0] aucun fichier
    [one] { $n } fichier
    *[other] { $n } fichiers
}
health-failed-some = { $count ->
    [one] { $n } travail a échoué définitivement.
    *[other] { $n } travaux ont échoué définitivement.
}
health-mail-failing = { $count ->
    [one] { $n } e-mail n’a pas pu partir.
    *[other] { $n } e-mails n’ont pas pu partir.
}
health-audit-late = { $count ->
    [one] { $n } événement attend d’être scellé.
    *[other] { $n } événements attendent d’être scellés.
}
span-days = { $count ->
    [one] { $n } jour
    *[other] { $n } jours
}

# Caches

cache-title = Caches de ce processus
cache-about = Ce qu’il retient pour ne pas redemander. Vider un cache ralentit les lectures suivantes et ne change rien d’autre.
cache-since = Compté depuis { $at }.
cache-callers = Qui est connecté
cache-callers-text = Sessions, jetons et clés avec leurs droits, pendant cinq secondes.
cache-settings = Réglages
cache-settings-text = Réglages et règles de chaque organisation, pendant cinq secondes.
cache-search-windows = Fenêtres de recherche
cache-search-windows-text = Où finissent les commandes récentes qu’une recherche parcourt d’abord, pendant dix minutes.
cache-of = { $n } sur { $most }
cache-entries = Entrées
cache-hits = Connues
cache-misses = Demandées
cache-share = Part connue
cache-clear = Vider
cache-clear-one = Vider : { $title }
cache-cleared = Le cache est vide

# What can be tuned

param-title = Ce qui se règle
param-about = Tel qu’en vigueur. À changer dans kafila.toml ou par la variable, puis redémarrer.
param-value = En vigueur
param-default = Par défaut
param-readers = Lectures SQLite simultanées ; environ le nombre de cœurs de la machine.
param-cache = Kilo-octets du fichier SQLite que chaque lecteur garde en mémoire.
param-connections = Connexions de ce processus à PostgreSQL.
param-timeout = Millisecondes qu’une requête peut prendre ; envois et exports exceptés.
param-body = Octets de la plus grande requête JSON.
param-upload = Octets du plus grand fichier importable.
param-attachment = Octets de la plus grande photo ou pièce d’une commande ou d’un client.
param-sign-in-address = Essais de connexion depuis une adresse, par minute.
param-sign-in-account = Essais de connexion à un compte, par minute.
param-public = Appels sans session depuis une adresse, par minute.
param-api = Appels d’un utilisateur ou d’une clé, par minute.
param-lookup-address = Recherches de commandes depuis une adresse, par minute.
param-lookup-number = Recherches d’un même numéro, par heure.
param-log-files = Fichiers quotidiens du journal conservés.
param-backups = Sauvegardes conservées.

# What failed lately

fail-title = Échecs récents
fail-about = Erreurs des requêtes et travaux des sept derniers jours, par type.
fail-about-more = Erreurs des requêtes et travaux des sept derniers jours, par type ; les 500 dernières sont comptées.
fail-count = Fois
fail-last = Dernière
fail-first = Première
fail-request = Lignes de la requête { $id }
