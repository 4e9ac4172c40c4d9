# Settings: the frame, forms, every section, reasons, tags, fields, numbers.

set-title = Réglages
set-subtitle = Chaque partie s’enregistre seule ; tout dit ce qu’il change.
set-window = { $title } · { $section } · Kafila
set-search = Chercher un réglage
set-find = Chercher
set-no-match = Rien ne correspond à « { $q } »
set-no-match-text = Essayez un autre mot.
set-save = Enregistrer
set-add = Ajouter
set-cancel = Annuler
set-copy = Copier
set-actions = Actions
set-yes = Oui
set-no = Non
set-nothing = rien
set-optional = facultatif
set-usual = Par défaut : { $value }.
set-theirs = Quelqu’un d’autre a mis : { $value }
set-stale = Quelqu’un d’autre a enregistré entre-temps. Les deux côtés figurent ci-dessous ; enregistrer garde le vôtre.
set-changed = Modifié : { $when }
set-changed-by = Modifié par { $name } : { $when }
set-position = Place dans la liste
set-position-hint = Le plus petit nombre vient d’abord ; vide : en dernier.
set-labels = Noms
set-labels-text = Ce que chacun lit dans sa langue. Sans nom, la langue suivante que ses lecteurs comprennent est prise.
set-label-en = Anglais
set-label-fr = Français
set-label-ar = Arabe
set-label-dz = Arabe algérien
set-tone = Couleur
set-tone-neutral = Gris
set-tone-info = Bleu
set-tone-ok = Vert
set-tone-warn = Ambre
set-tone-bad = Rouge
set-tone-violet = Violet
set-tone-primary = Vert maison

set-done-saved = Enregistré
set-done-made = Ajouté
set-done-archived = Archivé
set-done-reopened = Rouvert
set-done-removed = Supprimé
set-done-ended = Terminé
set-done-drafted = Dans le brouillon ; rien n’est encore en vigueur
set-done-discarded = Le brouillon est jeté
set-done-activated = Les nouvelles règles sont en vigueur
set-done-let-go = Désactivé
set-done-factor = Le second facteur est coupé

set-unit-seconds = { $count ->
    [one] { $n } seconde
    *[other] { $n } secondes
}
set-unit-minutes = { $count ->
    [one] { $n } minute
    *[other] { $n } minutes
}
set-unit-hours = { $count ->
    [one] { $n } heure
    *[other] { $n } heures
}
set-unit-days = { $count ->
    [one] { $n } jour
    *[other] { $n } jours
}
set-unit-months = { $count ->
    [one] { $n } mois
    *[other] { $n } mois
}
set-unit-lines = { $count ->
    [one] { $n } ligne
    *[other] { $n } lignes
}
set-unit-attempts = { $count ->
    [one] { $n } essai
    *[other] { $n } essais
}
set-unit-levels = { $count ->
    [one] { $n } niveau
    *[other] { $n } niveaux
}
set-unit-score = { $count ->
    [one] { $n } sur 4
    *[other] { $n } sur 4
}

set-general = Organisation
set-general-about = Nom et langue.
set-general-name = Nom de l’organisation
set-general-name-hint = Figure sur les pages, les e-mails et les documents.
set-general-default-locale = Langue des nouvelles personnes
set-general-default-locale-hint = Aussi celle des textes à personne en particulier. Chacun peut en choisir une autre.
set-orders = Commandes
set-orders-about = Annulation, brouillons, limites et numéros.
set-orders-undo-seconds = Délai d’annulation
set-orders-undo-seconds-hint = En secondes. Une étape peut être annulée pendant ce temps ; les messages et l’ERP attendent d’autant. 0 à 300.
set-orders-bulk-undo-minutes = Délai d’annulation d’une action groupée
set-orders-bulk-undo-minutes-hint = En minutes. Ce qui part à l’extérieur attend d’autant. 0 à 1 440.
set-orders-draft-days = Conservation des brouillons
set-orders-draft-days-hint = En jours après le dernier changement ; ensuite le brouillon est supprimé. 1 à 365.
set-orders-max-lines = Lignes par commande
set-orders-max-lines-hint = Une commande plus longue est refusée. 1 à 5 000.
set-orders-number-prefix = Devant les numéros de commande
set-orders-number-prefix-hint = K- donne K-1041. Seules les nouvelles commandes l’ont. Au plus 8 lettres, chiffres, tirets.
set-statuses-about = Sous-statuts, mouvements, qui est prévenu.
set-cancellation-reasons = Motifs d’annulation
set-cancellation-reasons-about = Ce que les agents choisissent quand une commande est annulée.
set-hold-kinds = Motifs de blocage
set-hold-kinds-about = Ce que les agents choisissent quand une commande est bloquée.
set-escalation-reasons = Motifs de remontée
set-escalation-reasons-about = Ce que les agents choisissent quand un problème remonte.
set-escalation = Chemin de remontée
set-escalation-about = Qui reçoit un problème, et le temps de chaque niveau.
set-escalation-agent-hours = Heures de l’agent
set-escalation-agent-hours-hint = Heures de travail qu’un problème répondu peut attendre chez son agent. 1 à 1 000.
set-escalation-levels = Niveaux
set-escalation-levels-hint = Du plus bas au plus haut. Un problème monte d’un niveau quand ses heures de travail sont passées.
set-escalation-mail = E-mail aux personnes d’un niveau
set-escalation-mail-hint = Elles l’apprennent dès que le problème leur arrive.
set-level-role = Niveau { $n } : rôle
set-level-hours = Niveau { $n } : heures de travail
set-level-none = Pas de tel niveau
set-tags = Étiquettes
set-tags-about = Mots courts qui marquent commandes et clients.
set-fields = Champs personnalisés
set-fields-about = Ce que votre équipe garde en plus sur commandes et clients.
set-fields-new-tags = Chacun peut créer une étiquette
set-fields-new-tags-hint = Sinon il faut le droit de gérer les étiquettes.
set-fields-keep-unknown = Garder les valeurs de champs inconnus
set-fields-keep-unknown-hint = Venues de fichiers et de programmes ; sinon elles sont refusées.
set-numbers = Numéros de facture
set-numbers-about = Numéros sans trou des factures et avoirs, par boutique.
set-notifications = Messages
set-notifications-about = Ce que reçoivent les clients, et de qui.
set-notifications-email = E-mails aux clients
set-notifications-email-hint = Coupé, personne hors de l’équipe ne reçoit d’e-mail. L’envoi se configure sur le serveur.
set-notifications-sender-name = Nom de l’expéditeur
set-notifications-sender-name-hint = Vide : le nom de l’organisation.
set-tracking = Pages des clients
set-tracking-about = Recherche et suivi, contacts et couleur.
set-tracking-is-on = Les clients peuvent voir leurs commandes
set-tracking-is-on-hint = Par numéro, par lien et par code. Coupé, ces pages disent qu’elles sont fermées.
set-tracking-link-days = Durée des liens vers une commande
set-tracking-link-days-hint = En jours. 1 à 730.
set-tracking-phone = Téléphone pour les clients
set-tracking-phone-hint = Avec l’indicatif : +213 550 14 23 87. Vide : rien ne s’affiche.
set-tracking-whatsapp = WhatsApp pour les clients
set-tracking-whatsapp-hint = Sous la même forme. Vide : rien ne s’affiche.
set-tracking-accent = Couleur des titres et boutons
set-tracking-accent-hint = Par exemple #0b6b5d ; le blanc doit y être lisible. Vide : celle de la boutique.
set-tracking-stores = Différent pour certaines boutiques
set-tracking-stores-hint = Ce qui est vide est comme ci-dessus.
set-front-phone = { $store } : téléphone
set-front-whatsapp = { $store } : WhatsApp
set-front-accent = { $store } : couleur
set-tracking-change = Les clients modifient eux-mêmes leur commande
set-tracking-change-hint = Articles, adresse, nom, numéro et jour, depuis sa page, avec la fin de leur numéro. Sinon ils demandent et l’équipe décide.
set-tracking-cancel = Les clients annulent eux-mêmes leur commande
set-tracking-cancel-hint = Depuis sa page, avec la fin de leur numéro. Sinon ils demandent et l’équipe décide.
set-until-never = Jamais
set-until-confirmed = Jusqu’à la confirmation
set-until-prepared = Jusqu’à la préparation
set-logo = Logo
set-logo-about = Ce que les clients voient en tête de leurs pages et devis.
logo-all = Toutes les boutiques
logo-none = Pas de logo : les pages montrent la première lettre du nom.
logo-none-own = Pas de logo propre : celui de toutes les boutiques est montré.
logo-alt = Logo : { $name }
logo-facts = { $width } × { $height } pixels, { $size } ko
logo-file = Image
logo-file-hint = PNG, JPEG ou WebP, 2 Mo au plus. Elle est réduite pour les connexions lentes : 400 × 96 pixels au plus.
logo-set = Utiliser cette image
logo-remove = Retirer
set-unit-stores = { $count ->
    [one] { $n } boutique
    *[other] { $n } boutiques
}
set-erp = ERP et webhooks
set-erp-about = Où les mouvements de commandes sont annoncés.
set-erp-url = Adresse
set-erp-url-hint = Par exemple https://erp.example/hooks. Vide : personne n’est prévenu.
set-erp-secret-name = Nom du secret
set-erp-secret-name-hint = Le secret de ce nom signe ce qui est annoncé.
set-erp-secret = Secret de signature
set-erp-secret-hint = Base64, avec ou sans whsec_. Gardé chiffré et jamais réaffiché.
set-erp-secret-save = Garder le secret
set-access = Connexion
set-access-about = Sessions, mots de passe, verrous, liens.
set-access-session-idle-days = Déconnexion après inactivité
set-access-session-idle-days-hint = En jours sans requête. 1 à 90.
set-access-trusted-days = Appareils de confiance
set-access-trusted-days-hint = En jours. 1 à 365.
set-access-token-hours = Durée des jetons d’API
set-access-token-hours-hint = En heures. 1 à 24.
set-access-password-min-score = Force minimale d’un mot de passe
set-access-password-min-score-hint = 0 accepte tout, 4 seulement ce qui est très dur à deviner. Vaut pour les nouveaux.
set-access-lockout-attempts = Erreurs avant verrouillage
set-access-lockout-attempts-hint = De suite. 3 à 100.
set-access-lockout-minutes = Verrou le plus long
set-access-lockout-minutes-hint = En minutes. 1 à 1 440.
set-access-invite-hours = Durée des invitations
set-access-invite-hours-hint = En heures. 1 à 720.
set-access-reset-minutes = Durée des liens de mot de passe
set-access-reset-minutes-hint = En minutes. 5 à 1 440.
set-privacy = Vie privée
set-privacy-about = Adresses des requêtes, effacement, oubli.
set-privacy-keep-ip = Garder l’adresse d’une connexion
set-privacy-keep-ip-hint = Elle figure avec les sessions et aide à voir les intrus.
set-privacy-erase-wait-hours = Attente avant d’effacer une personne
set-privacy-erase-wait-hours-hint = En heures, pendant lesquelles on peut l’arrêter. 0 à 720.
set-privacy-forget-after-months = Oublier les clients après
set-privacy-forget-after-months-hint = En mois sans commande ni changement ; 0 : jamais. 0 à 240.
set-retention = Conservation
set-retention-about = Combien de temps travaux et messages sont gardés.
set-retention-job-log-days = Travaux terminés
set-retention-job-log-days-hint = En jours. 1 à 3 650.
set-retention-messages-days = Messages aux clients
set-retention-messages-days-hint = En jours. 1 à 3 650. L’historique des commandes reste.

reasons-new = Nouveau motif
reasons-own = Le vôtre
reasons-code = Code
reasons-code-hint = Minuscules, chiffres et tirets bas. Les programmes l’appellent ainsi ; il ne change jamais.
reasons-needs-note = Exige une note
reasons-needs-note-hint = Qui le choisit doit en dire plus.
reasons-against = Compte contre le client
reasons-against-hint = Dans son bilan de livraison.
reasons-archived = Plus proposé
reasons-archived-hint = Il quitte la liste ; historiques et chiffres le gardent.

tags-new = Nouvelle étiquette
tags-name = Nom
tags-name-hint = Commandes et clients prennent le nouveau nom. L’ancien désigne toujours cette étiquette.
tags-search = Chercher une étiquette
tags-orders = Commandes
tags-customers = Clients
tags-none = Pas encore d’étiquette
tags-none-text = Les étiquettes marquent commandes et clients : cadeau, fragile, VIP.
tags-count = { $count ->
    [one] { $n } étiquette
    *[other] { $n } étiquettes
}
tags-on-orders = { $count ->
    [one] Sur { $n } commande
    *[other] Sur { $n } commandes
}
tags-archived = Plus proposée
tags-archived-hint = On ne peut plus l’ajouter ; elle reste où elle est.
tags-merge = Fusionner
tags-merge-text = Les commandes et clients de cette étiquette prennent l’autre. C’est définitif.
tags-merge-into = Dans
tags-merge-choose = Choisir une étiquette

fields-new = Nouveau champ
fields-new-text = Son objet, sa clé et son type ne changent jamais.
fields-none = Pas encore de champ.
fields-subject = À propos de
fields-of-orders = Commandes
fields-of-customers = Clients
fields-key = Clé
fields-key-hint = Minuscules, chiffres et tirets bas : size.
fields-kind = Type
fields-kind-hint = Ce qu’il contient.
fields-kind-text = Texte
fields-kind-number = Nombre
fields-kind-money = Montant
fields-kind-date = Jour
fields-kind-boolean = Oui ou non
fields-kind-choice = Un choix dans une liste
fields-kind-multi-choice = Plusieurs d’une liste
fields-kind-url = Adresse web
fields-kind-phone = Téléphone
fields-choices = Choix
fields-choices-hint = Pour les listes, un par ligne : xl: Extra large | Très grand | كبير جداً. Noms en anglais, français, arabe.
fields-required = Obligatoire
fields-required-no = Jamais
fields-required-placing = À la saisie
fields-required-confirming = Avant la confirmation
fields-filterable = Filtre dans les listes
fields-filterable-hint = Les valeurs existantes sont indexées en arrière-plan.
fields-searchable = Pris en compte par la recherche
fields-listed = Affiché dans les listes
fields-filling = Indexation en cours
fields-filling-text = L’index de ce champ s’écrit. Les filtres marcheront ensuite.
fields-archived = Inutilisé
fields-archived-hint = Les valeurs restent, sans contrôle.

numbers-text = Chaque numéro est donné une fois, sans trou. Un modèle se compose des mots store, year, yy et seq entre accolades ; seq:5 compte sur cinq chiffres.
numbers-invoice = Factures
numbers-credit-note = Avoirs
numbers-next = Prochain :
numbers-pattern = Modèle
numbers-pattern-hint = Vaut dès le prochain document.
numbers-first = Commence à
numbers-first-hint = Tant qu’aucun numéro n’est donné.
