# Les clients : la liste, une fiche, ses formulaires, deux fiches réunies, ce que la loi demande.

customers-title = Clients
customers-window = Clients · Kafila
customers-one-window = { $name } · Clients · Kafila
customers-form-window = { $heading } · Clients · Kafila
customers-count = { $count ->
    [one] { $n } client
    *[other] { $n } clients
}
customers-orders-n = { $count ->
    [one] { $n } commande
    *[other] { $n } commandes
}
customers-table = Tableau des clients
customers-filter-label = Filtrer les clients
customers-search = Nom, téléphone ou e-mail
customers-chip-search = Recherche
customers-show = Afficher
customers-clear = Effacer les filtres
customers-see-all = Voir tous les clients
customers-sizes = Clients par page
customers-sort = Tri
customers-sort-newest = Plus récents d’abord
customers-sort-name = Par nom
customers-sort-last = Dernière commande d’abord
customers-sort-quiet = Plus longtemps sans commande
customers-sort-orders = Plus de commandes
customers-sort-spent = Plus dépensé
customers-sort-delivered = Mieux livrés
customers-sort-returned = Plus de retours
customers-store = Boutique
customers-least-orders = { $count ->
    [one] { $n } commande ou plus
    *[other] { $n } commandes ou plus
}
customers-least-spent = Dépensé au moins
customers-most-share = { $percent } ou moins
customers-quiet = Sans commande
customers-quiet-days = { $count ->
    [one] depuis { $n } jour ou plus
    *[other] depuis { $n } jours ou plus
}
customers-col-name = Client
customers-col-place = Lieu
customers-col-last = Dernière commande
customers-new = Nouveau client
customers-new-save = Ajouter le client
customers-export = Exporter
customers-file-begun = Le fichier est en préparation
customers-file-making = Le fichier de cette liste est en préparation : { $done } pour l’instant.
customers-file-ready = { $count ->
    [one] Le fichier est prêt : { $n } client.
    *[other] Le fichier est prêt : { $n } clients.
}
customers-file-failed = Le fichier n’a pas pu être préparé. Rien n’est perdu ; relancez l’export.
customers-file-get = Télécharger
customers-look-again = Actualiser
customers-none-title = { $count ->
    [one] Aucun client ne correspond à ce filtre
    *[other] Aucun client ne correspond à { $n } filtres
}
customers-none-text = Changer un filtre, ou les effacer tous.
customers-none-search = Un nom se trouve par son début, un numéro dans toute écriture, une adresse e-mail en entier.
customers-empty-title = Vos clients apparaîtront ici
customers-empty-text = Chaque commande amène son client. On peut aussi en ajouter un à la main.
customers-nameless = Sans nom

customers-orders = Commandes
customers-delivered = Livrées
customers-returned = Retournées
customers-cancelled = Annulées
customers-spent = Dépensé
customers-figures = Chiffres
customers-success = Livraisons réussies
customers-since = Client depuis le { $day }
customers-known-since = Connu depuis
customers-archived = Archivé
customers-archived-too = Avec les archivés
customers-archive = Archiver
customers-unarchive = Sortir des archives
customers-more = Plus
customers-edit = Modifier le client
customers-edit-short = Modifier
customers-new-order = Nouvelle commande
customers-last-orders = Dernières commandes
customers-all-orders = Toutes les commandes
customers-aside = Contact et accords

customers-name = Nom
customers-email = E-mail
customers-language = Langue
customers-language-hint = Celle des messages qui lui sont envoyés.
customers-language-unknown = Inconnue
customers-language-chosen = choisie
customers-language-found = trouvée dans ses messages
customers-language-dz = الدارجة الجزائرية
customers-language-other = Une autre langue
customers-tags = Étiquettes
customers-tags-hint = Séparées par des virgules.
customers-notes = Notes
customers-own = Étiquettes et champs
customers-reference = Identifiant dans la boutique
customers-contact = Contact
customers-contact-none = Ni numéro ni adresse e-mail connus.
customers-main = Principal
customers-make-main = En faire le principal

customers-phone = Numéro de téléphone
customers-phones = Numéros de téléphone
customers-phone-hint = Dans toute écriture.
customers-phone-label = À qui est ce numéro
customers-phone-label-hint = Par exemple : sœur, travail.
customers-phone-main = Appeler ce numéro en premier
customers-phone-new = Ajouter un numéro
customers-phone-edit = Modifier le numéro
customers-phone-hidden = Le numéro est { $phone }. Laisser vide pour le garder.
customers-phone-change = Modifier { $phone }
customers-phone-remove = Retirer le numéro
customers-phone-remove-title = Retirer ce numéro ?
customers-phone-remove-text = Ses appels ne mèneront plus à ce client. Les commandes passées le gardent.
customers-call = Appeler { $phone }
customers-copy = Copier { $phone }
customers-whatsapp = WhatsApp au { $phone }
customers-reveal = Afficher
customers-reveal-hint = Il est noté qui a regardé, et quand.

customers-address = Adresse
customers-addresses = Adresses
customers-addresses-none = Aucune à son nom pour l’instant. Chaque commande a la sienne.
customers-address-new = Ajouter une adresse
customers-address-edit = Modifier l’adresse
customers-address-label = Comment l’appeler
customers-address-label-hint = Par exemple : maison, magasin.
customers-address-remove = Retirer l’adresse
customers-address-remove-title = Retirer cette adresse ?
customers-address-remove-text = Elle ne sera plus proposée pour de nouvelles commandes. Les commandes passées la gardent.
customers-street = Rue et numéro
customers-street-more = Complément d’adresse
customers-province = Wilaya ou province
customers-city = Ville
customers-city-hint = Commune, ville ou quartier ; le lieu est cherché dans les listes.
customers-district = Daïra ou district
customers-postal-code = Code postal
customers-place-unknown = Absent des listes

customers-flags = Signalements
customers-flags-none = Aucun signalement.
customers-flag-new = Ajouter un signalement
customers-flag-intro = Un signalement est affiché avec chaque commande de ce client.
customers-flag-kind = Signalement
customers-flag-reason = Motif
customers-flag-reason-hint = Ce qui s’est passé, pour qu’un collègue comprenne.
customers-flag-end = Jusqu’au
customers-flag-end-hint = Il disparaît de lui-même après ce jour.
customers-flag-lift = Lever
customers-flag-lift-title = Lever le signalement « { $mark } »
customers-flag-lift-reason = Pourquoi il est levé
customers-flag-lifted = Levé par { $who }, { $at } : { $reason }
customers-flag-by = { $who }, { $day }
customers-flag-until = jusqu’au { $day }

customers-consents = Accords
customers-consent-new = Noter
customers-consent-title = Noter un accord ou un refus
customers-consent-save = Noter l’accord
customers-consent-intro = Ce qui a été dit est gardé avec le moment et la manière ; le dernier mot compte. Les messages sur les commandes sont permis jusqu’à un refus, la publicité seulement après un accord.
customers-consent-way = Moyen
customers-consent-purpose = Pour quoi
customers-consent-answer = Sa réponse
customers-consent-yes = D’accord
customers-consent-no = Refus
customers-consent-source = De quelle manière
customers-consent-words = Ses mots
customers-consent-words-hint = Ou l’endroit où les trouver.
customers-consent-past = Ce qui a été dit avant
customers-consent-was-given = { $channel }, { $purpose } : oui. { $source }, { $who }
customers-consent-was-taken = { $channel }, { $purpose } : non. { $source }, { $who }
customers-purpose-order = Commandes
customers-purpose-marketing = Publicité
customers-way-email = E-mail
customers-way-sms = SMS
customers-way-telegram = Telegram
customers-way-calls = Appels
customers-source-call = Pendant un appel
customers-source-form = Dans un formulaire
customers-source-message = Par un message
customers-source-link = Par un lien
customers-source-import = D’un fichier
customers-source-staff = D’une autre manière

customers-history = Historique
customers-history-filter = Filtrer l’historique
customers-history-all = Tout
customers-history-orders = Commandes
customers-history-messages = Messages
customers-history-payments = Paiements
customers-history-notes = Notes
customers-history-changes = Modifications
customers-history-empty = Rien pour l’instant.
customers-older = Plus ancien
customers-note-placeholder = Écrire une note sur ce client
customers-note-erase = Effacer la note
customers-note-erase-title = Effacer cette note ?
customers-note-erase-text = Ses mots disparaissent pour de bon. L’historique garde qu’il y avait une note.
customers-line-order = Commande { $order } reçue, { $total }
customers-line-message = Message { $subject }
customers-line-payment = { $amount } reçus
customers-line-refund = { $amount } rendus
customers-line-chargeback = { $amount } repris par la banque
customers-line-credit = Avoir de { $amount }
customers-line-note = { $who } a écrit une note
customers-line-flag = { $who } a mis le signalement { $mark }
customers-line-flag-removed = { $who } a levé un signalement
customers-line-consent-given = { $who } a noté un oui : { $channel }, { $purpose }
customers-line-consent-taken = { $who } a noté un non : { $channel }, { $purpose }
customers-line-merge = { $who } a fusionné une autre fiche avec celle-ci
customers-line-merged-away = { $who } a fusionné cette fiche avec une autre
customers-line-unmerged = { $who } a séparé deux fiches
customers-line-created = { $who } a ajouté ce client
customers-line-changed = { $who } a modifié la fiche
customers-line-changed-what = { $who } a modifié : { $what }
customers-line-note-erased = { $who } a effacé une note
customers-line-exported = { $who } a fait préparer toutes les données de cette personne
customers-line-revealed = { $who } a regardé un numéro en entier
customers-line-erasure-asked = { $who } a demandé l’effacement de cette personne
customers-line-erasure-cancelled = { $who } a annulé l’effacement
customers-line-erased = { $who } a effacé cette personne
customers-message-queued = En attente
customers-message-sent = Envoyé
customers-message-skipped = Non envoyé
customers-message-failed = Échec
customers-payment-pending = Promis
customers-payment-failed = Échec

customers-twins-link = Doublons probables
customers-twins-title = Probablement la même personne
customers-twins-intro = Parmi les clients les plus récents. Une fusion peut être annulée.
customers-twins-of = Probablement la même personne
customers-twins-none-title = Aucune fiche ne ressemble à une autre
customers-twins-none-text = Les propositions viennent des numéros, des adresses e-mail, et des noms dans la même rue.
customers-like-phone = Même numéro
customers-like-email = Même e-mail
customers-like-name = Même nom
customers-like-address = Même rue
customers-compare = Comparer
customers-compare-two = Comparer { $one } et { $other }
customers-merge = Fusionner avec une autre fiche
customers-merge-title = Fusionner deux fiches
customers-merge-intro = Qui est la même personne que { $name } ?
customers-merge-text = Une fiche reste, l’autre y est intégrée. Ses anciens liens continuent de marcher.
customers-merge-search = Quelqu’un d’autre
customers-merge-find = Chercher
customers-merge-none = Personne ne correspond.
customers-merge-stays = Reste
customers-merge-goes = Y sera intégrée
customers-merge-swap = Garder plutôt celle-ci
customers-merge-choose = Là où elles diffèrent
customers-merge-of-kept = de celle qui reste
customers-merge-of-gone = de l’autre
customers-merge-moves = Ce qui est déplacé
customers-moves-orders = Commandes
customers-merge-sums = Ensemble, elles auront acheté :
customers-merge-slow = Les commandes sont nombreuses. Elles suivent après la fusion ; la page montre l’avancement.
customers-merge-undo = La fusion peut être annulée plus tard : ce qui a été déplacé revient, les nouvelles commandes restent.
customers-merge-do = Fusionner
customers-merges = Fiches fusionnées
customers-merge-was = { $name }, { $day }, { $who }
customers-merge-undone = annulée
customers-unmerge = Séparer

customers-data = Données personnelles
customers-export-text = Tout ce qui est gardé sur cette personne, dans un fichier pour elle.
customers-export-one = Préparer le fichier
customers-work-export = Le fichier est en préparation
customers-work-merge = Les commandes sont en cours de déplacement
customers-file-made = Préparé { $at }
customers-file-until = Gardé jusqu’au { $day }
customers-file-people = À lire
customers-file-programs = Pour les programmes
customers-erase = Effacer la personne
customers-erase-title = Effacer { $name }
customers-erase-gone = Disparaissent pour de bon : nom, numéros, e-mail, adresses, notes, signalements, accords, messages et fichiers, sur toutes les commandes aussi.
customers-erase-stays = Restent : les montants, produits, wilayas et dates des commandes, et les chiffres des rapports.
customers-erase-at-once = Cela commence tout de suite.
customers-erase-wait = { $count ->
    [one] Cela commence dans une heure ; d’ici là, c’est annulable.
    *[other] Cela commence dans { $n } heures ; d’ici là, c’est annulable.
}
customers-erase-final = Une fois commencé, personne ne peut revenir en arrière.
customers-erase-confirm = Écrire { $name } pour confirmer
customers-erase-cancel = Annuler l’effacement
customers-erasure-waits = { $who } a demandé l’effacement de cette personne. Il commence : { $day }.
customers-erasure-runs = L’effacement de cette personne est en cours.
customers-erasure-done = Effacement terminé : { $day }.
customers-erasure-done-rule = Effacement terminé : { $day }, par la règle pour les personnes sans nouvelles.
customers-erased = Effacé
customers-erased-name = Client effacé
customers-erased-text = Plus rien de personnel n’est gardé sur ce client. Les montants, wilayas et dates des commandes restent pour les comptes.
customers-erased-kept = Ce qui a disparu, en chiffres. Les montants, wilayas et dates des commandes restent.
customers-erased-orders = Commandes sans nom
customers-erased-messages = Messages
customers-erased-notes = Notes, numéros, adresses
customers-erased-files = Fichiers
customers-erased-events = Détails de l’historique

customers-form-stale = Quelqu’un d’autre a enregistré entre-temps. Rien de votre saisie n’est perdu.
customers-sides = Ce qui diffère
customers-sides-field = Champ
customers-sides-yours = Votre saisie
customers-sides-theirs = Enregistré entre-temps
customers-sides-hint = Le formulaire ci-dessous contient votre saisie. Corriger ce qui doit rester comme enregistré, puis enregistrer de nouveau.
customers-done-saved = Enregistré
customers-done-made = Client ajouté
customers-done-note = Note ajoutée
customers-done-note-erased = Note effacée
customers-done-flag = Signalement mis
customers-done-lifted = Signalement levé
customers-done-consent = C’est noté
customers-done-archived = Archivé
customers-done-unarchived = Sorti des archives
customers-done-merged = Fiches fusionnées
customers-done-unmerged = De nouveau deux fiches
customers-done-export = Le fichier est en préparation
customers-done-erasing = L’effacement est prévu
customers-done-kept = L’effacement est annulé
