# Le tableau de bord, et ce qui attend son lecteur.

dash-window = Tableau de bord · Kafila
dash-morning = Bonjour { $name }
dash-afternoon = Bon après-midi { $name }
dash-evening = Bonsoir { $name }
dash-as-of = { $day }, { $time }
dash-today = Aujourd’hui
dash-yesterday = Hier
dash-week = 7 jours
dash-month = 30 jours
dash-period = Période
dash-store = Boutique
dash-all-stores = Toutes les boutiques
dash-new = Nouvelles commandes
dash-value = Valeur des commandes
dash-confirmation = Taux de confirmation
dash-delivered = Livrées, 30 jours
dash-right-now = En ce moment
dash-by-this-hour = { $n } à cette heure il y a une semaine
dash-week-before = { $n } le même jour une semaine avant
dash-seven-before = { $n } les 7 jours précédents
dash-thirty-before = { $n } les 30 jours précédents
dash-whole-day-before = { $n } en tout une semaine avant
dash-of-decided = { $part } sur { $whole } traitées
dash-of-arrived = { $part } sur { $whole } arrivées
dash-more-orders = { $share } de commandes en plus
dash-fewer-orders = { $share } de commandes en moins
dash-as-many-orders = Autant de commandes qu’avant
dash-orders-in = Commandes reçues
dash-by-hour = Commandes par heure · { $store }
dash-by-day = Commandes par jour · { $store }
dash-chart-hours = Commandes par heure
dash-chart-days = Commandes par jour
dash-chart-said = { $now } commandes jusqu’ici, { $before } sur la période comparée. Le plus fort : { $peak }.
dash-line-week = Une semaine avant
dash-line-seven = 7 jours précédents
dash-line-thirty = 30 jours précédents
dash-hour = Heure
dash-day = Jour
dash-as-table = Afficher en tableau
dash-see-orders = { $count ->
    [one] Voir { $n } commande
    [many] Voir { $n } de commandes
    *[other] Voir { $n } commandes
}
dash-open-title = { $count ->
    [one] { $n } commande en cours
    [many] { $n } de commandes en cours
    *[other] { $n } commandes en cours
}
dash-open-about = Où en sont les commandes en cours
dash-outcomes-title = { $share } des commandes traitées sont confirmées
dash-outcomes-none = Ce que deviennent les commandes
dash-outcomes-about = Commandes des 30 derniers jours, à leur état actuel
dash-received = Reçues
dash-not-called-off = Confirmées
dash-handed-over = Remises au transporteur
dash-stores-title = Commandes par boutique
dash-stores-about = Passées · { $period }
dash-stores-about-today = Passées aujourd’hui, à côté des mêmes heures il y a une semaine
dash-store-before = { $n } il y a une semaine
dash-store-period-before = { $n } avant
dash-recent = Dernière activité
dash-recent-none = Les commandes qui avancent apparaissent ici.
dash-see-all = Tout voir
dash-failed = Cette partie n’a pas pu être chargée
dash-failed-text = Le reste de la page est juste. Code :

alerts-window = À traiter · Kafila
alerts-subtitle = { $count ->
    [one] { $n } point
    [many] { $n } de points
    *[other] { $n } points
}
alerts-none = Rien ne vous attend
alerts-none-text = Les notes qui vous mentionnent, les problèmes qui vous sont remontés, les appels en retard, les lignes refusées et les tâches en échec apparaissent ici.
alerts-open = Ouvrir
alerts-see = Voir
alerts-to-dashboard = Vers le tableau de bord
alerts-problem = Problème avec la commande { $number }
alerts-problem-due = Échéance : { $due }
alerts-problem-late = En retard depuis { $due }
alerts-late = { $count ->
    [one] { $n } commande attend un appel depuis plus de 4 heures
    [many] { $n } de commandes attendent un appel depuis plus de 4 heures
    *[other] { $n } commandes attendent un appel depuis plus de 4 heures
}
alerts-late-text = La plus ancienne est arrivée : { $at }
alerts-jobs = { $count ->
    [one] { $n } tâche a échoué définitivement
    [many] { $n } de tâches ont échoué définitivement
    *[other] { $n } tâches ont échoué définitivement
}
alerts-jobs-text = La dernière : { $at }
alerts-import-stopped = Un import s’est arrêté avant la fin
alerts-import-refused = Lignes d’un fichier refusées : { $n }
