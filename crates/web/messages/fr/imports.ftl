# Commandes venues de fichiers, et travaux longs tels que chaque page les montre.

imports-title = Imports
imports-window = Imports · Kafila
imports-window-of = { $title } · Imports · Kafila
imports-window-wrong = Erreur : { $title } · Imports · Kafila
imports-subtitle = Commandes de fichiers CSV et XLSX. Chaque import peut être annulé.
imports-new = Nouvel import
imports-new-text = CSV ou XLSX. Vous nommez les colonnes et voyez chaque erreur avant tout enregistrement.
imports-back = Retour aux imports
imports-other-file = Autre fichier
imports-col-file = Fichier
imports-col-state = État
imports-col-result = Résultat
imports-col-by = Par
imports-col-begun = Début
imports-count = { $count ->
    [one] { $n } import
    *[other] { $n } imports
}
imports-empty-title = Aucun fichier importé pour le moment
imports-empty-text = Envoyez les commandes d’un autre système ou un tableau de l’équipe. Vous voyez ce qui se passerait avant tout enregistrement.
imports-empty-sample = À quoi doit ressembler un fichier ?
imports-sample = Télécharger un exemple
imports-running = En cours
imports-done = Terminé
imports-stopped = Arrêté
imports-undoing = Annulation en cours
imports-undone = Annulé
imports-made = { $count ->
    [0] rien de nouveau
    [one] { $n } commande créée
    *[other] { $n } commandes créées
}
imports-kept = { $count ->
    [0] Aucune n’est restée.
    [one] { $n } commande est restée.
    *[other] { $n } commandes sont restées.
}
imports-removed = { $count ->
    [0] Aucune n’a été retirée.
    [one] { $n } commande a été retirée.
    *[other] { $n } commandes ont été retirées.
}
imports-rejected = { $count ->
    [one] { $n } ligne refusée
    *[other] { $n } lignes refusées
}
imports-by-mapping = { $name }, version { $version }

imports-choose = Choisir un fichier ou le déposer ici
imports-choose-hint = CSV (aussi .gz et .zst) ou XLSX, avec une ligne d’en-têtes
imports-upload = Envoyer
imports-next = La suite
imports-step-columns = Colonnes
imports-step-columns-text = Kafila dit pour quoi il prend chaque colonne. Vous corrigez une fois et gardez le tout sous un nom.
imports-step-try = Essai
imports-step-try-text = Chaque ligne est essayée et rien n’est gardé. Les lignes qui seraient refusées sont nommées.
imports-step-start = Import
imports-step-start-text = Les commandes arrivent pendant que vous travaillez. Le même fichier deux fois ne change rien.
imports-facts = { $size }, { $columns }
imports-columns-count = { $count ->
    [one] { $n } colonne
    *[other] { $n } colonnes
}
imports-how-title = 1. Lecture du fichier
imports-how = Lire comme
imports-how-own = Colonnes nommées à la main
imports-how-fits = { $name } (convient)
imports-how-own-note = Les colonnes ci-dessous sont une supposition. Corrigez-les et gardez-les sous un nom.
imports-how-mapping-note = Les colonnes sont lues comme vous les avez gardées. Un changement devient la version suivante.
imports-how-preset-note = Ce format est connu : rien n’est à nommer.
imports-how-missing = Aucune colonne trouvée pour : { $columns }. Nommez-en une ci-dessous.
imports-preset-kafila = Colonnes de Kafila
imports-preset-online-retail = Online Retail II (lignes de facture)
imports-preset-olist = Olist (dossier de tables)
imports-preset-shopify = Shopify
imports-preset-woocommerce = WooCommerce
imports-preset-youcan = YouCan
imports-preset-generic = Ce que disent les en-têtes
imports-preset-mapping = Une correspondance
imports-encoding = Encodage
imports-encoding-found = Trouvé : { $name }
imports-show = Afficher
imports-columns = 2. Sens des colonnes
imports-left-alone = (ignorée)
imports-field-of = Sens de « { $column } »
imports-why-heading = en-tête « { $evidence } »
imports-why-phone = { $evidence } ressemblent à des téléphones
imports-why-email = { $evidence } ressemblent à des e-mails
imports-why-date = { $evidence } ressemblent à des dates
imports-why-amount = { $evidence } ressemblent à des montants
imports-why-count = { $evidence } ressemblent à des quantités
imports-why-state = { $evidence } sont des états connus
imports-why-unlike = les cellules sont différentes ({ $evidence })
imports-words = Sens des mots
imports-words-text = Les mots que Kafila connaît ne demandent rien. Nommez les autres.
imports-word-known = Comme Kafila le connaît
imports-meaning-of = Sens de « { $word } »
imports-rows = Une ligne est
imports-rows-line = une ligne de commande
imports-rows-order = une commande entière
imports-dates = 03/04 veut dire
imports-dates-day = 3 avril
imports-dates-month = 4 mars
imports-decimals = Montants
imports-decimals-auto = Comme chaque montant le dit
imports-decimals-point = 1,234.50
imports-decimals-comma = 1.234,50
imports-constant-channel = Canal, si aucune colonne ne le dit
imports-no-constant = Non précisé
imports-constant-placed-at = Date de commande, si aucune colonne ne la dit (facultatif)
imports-currency = Devise, si autre que la boutique (facultatif)
imports-mapping-name = Nom de cette correspondance
imports-mapping-hint = Le prochain fichier avec ces colonnes est lu sans rien demander.
imports-save-mapping = Enregistrer les colonnes
imports-mapping-saved = Colonnes enregistrées. Essayez maintenant le fichier.
imports-wrong = Les colonnes ne peuvent pas être enregistrées ainsi :
imports-wrong-column = { $column } : { $words }
imports-theirs = Enregistré entre-temps par quelqu’un d’autre :
imports-rows-title = Premières lignes du fichier
imports-first-rows = { $count ->
    [one] { $n } ligne
    *[other] { $n } lignes
}
imports-line = Ligne
imports-line-n = ligne { $n }
imports-check = 3. Essai puis import
imports-check-text = L’essai lit tout le fichier et ne garde rien.
imports-save-first = Enregistrez d’abord les colonnes ; le fichier pourra ensuite être essayé.
imports-store = Boutique
imports-store-hint = Une boutique pour toutes les commandes, ou celle du fichier.
imports-store-of-file = Celle du fichier
imports-try = Essayer le fichier
imports-try-again = Nouvel essai
imports-start = Importer maintenant
imports-trying = Essai en cours. Rien n’est enregistré.
imports-try-stopped = L’essai a été arrêté.
imports-refresh = Actualiser
imports-stop = Arrêter
imports-stopping = Arrêt après le lot en cours.
imports-started = L’import a commencé.
imports-undo-begun = L’annulation de l’import a commencé.
imports-running-text = Vous pouvez quitter cette page ; le travail continue.
imports-result = Résultat
imports-would-create = Commandes à créer
imports-created = Commandes créées
imports-unchanged = Déjà là, inchangées
imports-credit-notes = Avoirs
imports-lines = Lignes prises
imports-refused = Lignes refusées
imports-would-open = Boutiques qui seraient ouvertes pour ce fichier, car aucune ne porte ces codes : { $stores }
imports-opened = Boutiques ouvertes pour ce fichier : { $stores }
imports-tried-all = Toutes les lignes conviennent. Commandes à créer : { $created }.
imports-tried-some = Lignes qui seraient refusées : { $rejected }. Commandes à créer : { $created }.
imports-tried-nothing = Le fichier n’apporte rien de nouveau : toutes ses commandes sont déjà là.
imports-ended-all = Toutes les lignes ont été prises. Commandes créées : { $created }.
imports-ended-some = Lignes refusées : { $rejected }. Commandes créées : { $created }.
imports-ended-nothing = Le fichier n’a rien apporté de nouveau : toutes ses commandes étaient déjà là.
imports-refused-title = Lignes refusées
imports-refused-text = Corrigez-les dans le fichier téléchargé et importez ce fichier.
imports-refused-first = Affichées : les { $n } premières sur { $total }.
imports-refused-download = Télécharger les lignes refusées
imports-failed-note = Échec : { $why } Ce qui est entré reste. Importez le même fichier pour continuer : les commandes déjà là ne changent pas.
imports-stopped-note = Arrêté avant la fin. Ce qui est entré reste. Importez le même fichier pour continuer : les commandes déjà là ne changent pas.
imports-again = Importer à nouveau
imports-about = À propos de cet import
imports-fact-by = Par
imports-fact-how = Lu comme
imports-fact-store = Boutique
imports-fact-begun = Début
imports-fact-ended = Fin
imports-fact-undone = Annulé
imports-fact-made = Résultat
imports-undo = Annuler l’import
imports-undo-hint = Retire les commandes que personne n’a touchées depuis. Celles qui ont été travaillées restent et sont nommées.
imports-undo-title = Annuler « { $name } » ?
imports-undo-text = Bilan : { $made }. Elles sont retirées avec leurs lignes et leur historique ; celles qui ont été travaillées restent.
imports-undone-title = Bilan de l’annulation
imports-kept-download = Télécharger ce qui est resté

progress-waiting = Attend son tour
progress-done = { $count ->
    [one] { $n } fait
    *[other] { $n } faits
}
progress-of = { $done } sur { $total }
progress-pace = { $rate } par seconde
progress-pace-left = { $rate } par seconde, { $left }
progress-left-seconds = encore { $n } s
progress-left-minutes = encore { $n } min
progress-left-hours = encore { $n } h

task-waiting = En attente
task-running = En cours
task-done = Terminé
task-failed = Échec
task-cancelled = Arrêté

job-waiting = En attente
job-running = En cours
job-done = Terminé
job-dead = Échec
job-cancelled = Annulé

actor-key = Un programme (clé d’API)
actor-customer = Le client
actor-system = Kafila

work-notify-customer = Message à un client
work-send-message = Envoi d’un message
work-push-to-erp = Annonce à l’ERP
work-send-mail = Envoi d’un e-mail
work-release-hold = Fin d’un blocage
work-raise-escalation = Remontée d’un problème
work-notify-escalation = Annonce d’un problème remonté
work-import-orders = Import de commandes
work-undo-import = Annulation d’un import
work-export = Création d’un fichier
work-try-rules = Essai de règles
work-move-substatuses = Déplacement de sous-statuts
work-bulk = Action sur plusieurs commandes
work-seal-events = Scellement du journal
work-prove-counters = Preuve des compteurs
work-purge = Retrait de ce qui est périmé
work-backup = Sauvegarde
work-merge-customers = Fusion de clients
work-export-person = Relevé des données d’une personne
work-erase-person = Effacement d’une personne
work-forget-inactive = Recherche de clients inactifs
work-retag = Report d’une étiquette
work-fill-field = Index d’un champ
work-sweep-files = Nettoyage des fichiers
work-verify-chain = Contrôle du journal
