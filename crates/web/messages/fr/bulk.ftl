# One action on many orders.

bulk-bar = Commandes choisies
bulk-ticked = Choisies
bulk-ticked-one = { $n } choisie
bulk-ticked-many = { $n } choisies
bulk-pick = Choisir la commande { $number }
bulk-pick-page = Choisir cette page
bulk-picking = Choisir des commandes
bulk-pick-none = Vider la sélection
bulk-select-all = { $count ->
    [one] Choisir la commande de cette vue
    *[other] Choisir les { $n } de cette vue
}
bulk-assign = Attribuer
bulk-tags = Étiquettes
bulk-tags-add = Ajouter des étiquettes
bulk-tags-remove = Retirer des étiquettes
bulk-tags-hint = Plusieurs séparées par des virgules.
bulk-move = Faire avancer
bulk-move-how = Comment
bulk-move-on = À l’étape suivante
bulk-move-to = Passer à { $state }
bulk-priority = Priorité
bulk-set-priority = Priorité { $priority }
bulk-cancel = Annuler des commandes
bulk-archive = Archiver
bulk-unarchive = Remettre dans la liste du jour
bulk-notify = Prévenir les clients
bulk-notifies = Prévenir les clients selon les réglages
bulk-about = { $count ->
    [one] Pour { $n } commande.
    *[other] Pour { $n } commandes.
}
bulk-about-view = Pour toutes les commandes de cette vue.
bulk-tried-first = Chaque commande est d’abord essayée. Le résultat se voit avant tout changement.
bulk-try = Essayer
bulk-runs = Actions groupées
bulk-runs-window = Actions groupées · Commandes · Kafila
bulk-runs-text = Ce qui a été fait sur plusieurs commandes à la fois, et le résultat de chacune.
bulk-runs-none = Aucune action groupée
bulk-runs-none-text = Choisir des commandes dans la liste, puis l’action.
bulk-orders = { $count ->
    [one] { $n } commande
    *[other] { $n } commandes
}
bulk-refused-n = { $count ->
    [one] { $n } refusée
    *[other] { $n } refusées
}
bulk-by = { $who }, { $at }
bulk-found = Commandes
bulk-waiting = En attente
bulk-done = Faites
bulk-unchanged = Déjà ainsi
bulk-refused = Refusées
bulk-skipped = Changées entre-temps
bulk-error-rate = Taux d’erreur
bulk-undone = Annulées
bulk-kept = Laissées telles quelles
bulk-item-undone = Annulée.
bulk-item-kept = Laissée telle quelle.
bulk-would-do = { $count ->
    [one] Ce serait fait pour { $n } commande
    *[other] Ce serait fait pour { $n } commandes
}
bulk-would-not-change = { $count ->
    [one] { $n } commande est déjà ainsi
    *[other] { $n } commandes sont déjà ainsi
}
bulk-refusals = Seraient refusées
bulk-start = { $count ->
    [one] Lancer pour { $n } commande
    *[other] Lancer pour { $n } commandes
}
bulk-go-on = { $count ->
    [one] Continuer avec { $n } commande
    *[other] Continuer avec { $n } commandes
}
bulk-careful = Commencer petit, arrêter sur erreurs, ou plus tard
bulk-first-label = Combien d’abord
bulk-first-all = Toutes
bulk-first = { $count ->
    [one] { $n }, puis attendre
    *[other] { $n }, puis attendre
}
bulk-stop-label = Arrêter si refus
bulk-stop-never = Jamais
bulk-stop-above = au-dessus de { $share }
bulk-at-label = Commencer à
bulk-retry = { $count ->
    [one] Réessayer celle qui n’est pas faite
    *[other] Réessayer les { $n } non faites
}
bulk-undo = Annuler l’action
bulk-undo-until = possible jusqu’à { $at }
bulk-stop = Arrêter
bulk-items = Commandes de cette action
bulk-items-none = Aucune commande ici.
bulk-outcome = Résultat
bulk-show = Afficher
bulk-file = Résultats en fichier
bulk-is-preparing = À l’essai
bulk-is-ready = Prête
bulk-is-scheduled = Planifiée
bulk-is-running = En cours
bulk-is-paused = En pause
bulk-is-stopped = Arrêtée sur erreurs
bulk-is-done = Terminée
bulk-is-cancelled = Abandonnée
bulk-is-failed = Interrompue
bulk-is-undoing = En cours d’annulation
bulk-is-undone = Annulée
bulk-says-preparing = Chaque commande est essayée. Rien ne change encore.
bulk-says-ready = Essai terminé. Rien n’a encore changé.
bulk-says-scheduled = Elle commence d’elle-même : { $at }.
bulk-says-running = En cours. Cette page peut être quittée.
bulk-says-paused = Le premier lot est fait. Le vérifier, puis continuer.
bulk-says-stopped = Trop de refus : arrêt. Ce qui est fait reste fait.
bulk-says-done = Chaque commande a son résultat.
bulk-says-cancelled = Elle a été arrêtée. Ce qui est fait reste fait.
bulk-says-failed = Elle s’est interrompue. Aucune commande n’est à moitié faite ; la relancer.
bulk-says-undoing = Les commandes sont remises comme avant.
bulk-says-undone = Les commandes intactes depuis sont comme avant.
