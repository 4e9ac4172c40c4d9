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
orders-filter-min = Total à partir de
orders-filter-max = Total jusqu’à
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
