# The list of orders.

orders-title = Commandes
orders-window = Commandes · Kafila
orders-subtitle = { $count ->
    [one] { $n } commande, { $waiting } à confirmer
    *[other] { $n } commandes, { $waiting } à confirmer
}
orders-figures = Chiffres
orders-table = Tableau des commandes
orders-views = Vues
orders-view-all = Toutes
orders-view-to-confirm = À confirmer
orders-view-confirmed = Confirmées
orders-view-backordered = En rupture
orders-view-processing = En préparation
orders-view-delivery = En livraison
orders-view-delivered = Livrées
orders-view-returns = Retours
orders-view-cancelled = Annulées
orders-filter-label = Filtrer les commandes
orders-filter-search = Filtrer cette vue
orders-filters = Filtres
orders-filter-any = Tout
orders-filter-from = Reçue à partir du
orders-filter-to = Reçue jusqu’au
orders-filter-state = État
orders-filter-store = Boutique
orders-filter-province = Wilaya
orders-filter-agent = Agent
orders-filter-channel = Canal
orders-filter-shipping = Colis
orders-filter-priority = Priorité
orders-filter-min = Total à partir de, { $currency }
orders-filter-unclear = { $typed } (pas clair, ignoré)
orders-filter-max = Total jusqu’à, { $currency }
orders-filter-search-chip = Recherche
orders-filter-remove = retirer
orders-mine = Les miennes
orders-nobody = Personne
orders-clear = Effacer les filtres
orders-show = { $count ->
    [one] Voir { $n } commande
    *[other] Voir { $n } commandes
}
orders-col-order = Commande
orders-col-customer = Client
orders-col-items = Articles
orders-col-place = Wilaya
orders-col-total = Total
orders-col-state = État
orders-col-agent = Agent
orders-col-created = Reçue
orders-progress = Avancement { $percent }
orders-more-items = { $count ->
    [one] +{ $n } article
    *[other] +{ $n } articles
}
orders-range = { $from } à { $to } sur { $total }
orders-at-least = plus de { $n }
orders-page = Page
orders-of-pages = sur { $n }
orders-previous = Page précédente
orders-next = Page suivante
orders-found-so-far = Trouvées jusqu’ici : { $n }
orders-found-further = Trouvées parmi les plus anciennes : { $n }
orders-search-on = Chercher plus loin
orders-keys-move = naviguer
orders-keys-all = tous les raccourcis
orders-retry = Réessayer
orders-empty-title = Vos commandes apparaîtront ici
orders-empty-text = Elles arrivent par l’API ou par un fichier et s’affichent ici d’elles-mêmes.
orders-empty-docs = Comment arrivent les commandes
orders-none-title = { $count ->
    [one] Aucune commande ne correspond à { $n } filtre
    *[other] Aucune commande ne correspond à { $n } filtres
}
orders-none-text = Élargissez les dates ou retirez un filtre.
orders-none-search = La recherche porte sur les numéros, noms, téléphones, références et articles.
orders-none-yet = Rien parmi les commandes les plus récentes. Les plus anciennes n’ont pas encore été parcourues.
orders-none-older = Aucune autre commande ne correspond
orders-done-title = Rien n’attend ici
orders-done-text = Toutes les commandes de cette vue ont avancé.
orders-see-all = Voir toutes les commandes
orders-fresh = { $count ->
    [one] { $n } nouvelle commande
    *[other] { $n } nouvelles commandes
}
orders-figure-today = Reçues aujourd’hui
orders-figure-waiting = À confirmer
orders-figure-confirmed = Confirmées, 7 jours
orders-figure-delivered = Livrées, 30 jours
orders-figure-returned = Retournées, 30 jours
orders-figure-of = sur { $n }
orders-figure-week = { $n } en 7 jours
orders-more = Plus
orders-new = Nouvelle commande
orders-new-short = Nouvelle
orders-export = Export
orders-views-all = Toutes les vues
orders-views-none = Aucune vue gardée
orders-views-none-text = Filtrer la liste selon le besoin, puis la garder ici sous un nom.
orders-view-save = Enregistrer la vue
orders-view-update = Enregistrer les changements
orders-view-change = Modifier la vue
orders-view-change-one = Modifier { $name }
orders-view-remove = Supprimer { $name }
orders-view-pin = Garder { $name } à portée
orders-view-name = Nom
orders-view-audience = Qui la voit
orders-view-private = Moi seulement
orders-view-everybody = Tout le monde
orders-view-role = Rôle { $role }
orders-view-default = Rôles qui commencent par elle
orders-view-default-hint = Ces rôles ouvrent la liste sur cette vue la première fois.
orders-view-default-of = départ pour { $roles }
orders-view-at-hand = La garder en onglet, avec son nombre
orders-view-keep = Enregistrer
orders-view-kept = Vue enregistrée
orders-view-removed = Vue supprimée
orders-view-restored = Vue rétablie
orders-undone = Annulé
orders-sheet-window = { $title } · Commandes · Kafila
orders-everywhere = Chercher « { $text } » dans toutes les commandes
orders-everywhere-short = Chercher partout
orders-show-any = Voir les commandes
orders-columns = Colonnes
orders-columns-title = Colonnes et lignes
orders-columns-hint = Gardé pour vous, pour cette vue. Les écrans étroits retirent les dernières colonnes.
orders-columns-set = Appliquer
orders-columns-reset = Colonnes habituelles
orders-column-up = Avancer { $column }
orders-column-down = Reculer { $column }
orders-density = Lignes
orders-density-comfortable = Normales
orders-density-compact = Compactes
orders-page-size = Commandes par page
orders-col-collect = À encaisser
orders-col-payment = Paiement
orders-col-shipping = Colis
orders-col-tracking = Suivi
orders-col-store = Boutique
orders-col-tags = Étiquettes
orders-col-priority = Priorité
orders-col-expected = Promise pour
orders-col-moved = Dernier passage
orders-none = aucun
orders-held = Bloquée
orders-first = Première page
orders-keys-pick = choisir
orders-act-open = Ouvrir la commande
orders-act-quick = Autres actions
orders-act-call = Appeler
orders-act-copy = Copier le numéro
orders-copy-number = Copier le numéro de commande
orders-chip-selected = { $count ->
    [one] { $n } choisi
    *[other] { $n } choisis
}
orders-chip-or = { $first } ou { $second }
orders-span-from = à partir de { $from }
orders-span-to = jusqu’à { $to }
orders-days-today = Aujourd’hui
orders-days-yesterday = Hier
orders-days-seven = 7 derniers jours
orders-days-thirty = 30 derniers jours
orders-days-month = Ce mois
orders-days-last-month = Mois dernier
orders-call-pending = Pas encore appelée
orders-call-attempting = Tentée
orders-call-confirmed = Acceptée
orders-call-failed = Refusée
orders-call-abandoned = Abandonnée
orders-archived-no = Dans la liste du jour
orders-archived-only = Archivées
orders-archived-any = Les deux
orders-filter-days = Reçue
orders-filter-substatus = Sous-statut
orders-filter-sku = Produit
orders-filter-sku-hint = Référence d’une variante ; plusieurs séparées par des virgules.
orders-filter-city = Commune
orders-filter-call = Appel
orders-filter-payment = Paiement
orders-filter-method = Mode de paiement
orders-filter-tag = Étiquettes
orders-filter-tag-all = Avec toutes les étiquettes
orders-filter-untag = Sans étiquettes
orders-filter-hold = Motif de blocage
orders-filter-holds = Blocage
orders-filter-held = Bloquée
orders-filter-not-held = Non bloquée
orders-filter-escalations = Problème remonté
orders-filter-escalated = Remonté
orders-filter-not-escalated = Non remonté
orders-filter-place = Adresse
orders-filter-place-known = Lieu connu
orders-filter-place-unknown = Lieu inconnu
orders-filter-archived = Quelle liste
orders-filter-custom = Champ de l’équipe
orders-given = La commande a été attribuée à quelqu’un d’autre

# Les groupes de conditions dont l’un est rempli, et la phrase qui le dit.
orders-groups = Au moins un de ces groupes
orders-groups-hint = Les conditions d’un groupe valent ensemble ; une commande doit remplir au moins un groupe, en plus des choix ci-dessus.
orders-group-title = Groupe de conditions
orders-group-hint = Ce qui est choisi ici vaut ensemble, comme une des possibilités.
orders-group-add = Ajouter un groupe
orders-group-change = Modifier
orders-group-remove = Retirer le groupe : { $group }
orders-group-back = Tous les filtres
orders-group-chip = Au choix
orders-said = Commandes affichées : { $all }, et au moins une de ces possibilités : { $any }.
orders-said-any = Commandes affichées : au moins une de ces possibilités : { $any }.
orders-said-is = { $label } : { $value }
orders-said-and = { $first } et { $second }
orders-said-or = { $first } ou { $second }
orders-said-group = ({ $group })
orders-sort-newest = Plus récentes d’abord
orders-sort-oldest = Plus anciennes d’abord
orders-sort-largest = Plus grand total d’abord
orders-sort-smallest = Plus petit total d’abord
orders-sort-moved-last = Dernier changement d’abord
orders-sort-moved-first = Plus longtemps inchangées d’abord
orders-sort-number-down = Numéro le plus grand d’abord
orders-sort-number-up = Numéro le plus petit d’abord
orders-sort-urgent = Plus urgentes d’abord
