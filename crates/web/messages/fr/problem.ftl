# Pages that say what went wrong.

problem-code = Code :
problem-not-found-title = Cette page n’est pas ici
problem-not-found-text = Elle a peut-être changé de place, ou appartient à une boutique que vous ne voyez pas.
problem-forbidden-title = Cet accès ne vous est pas ouvert
problem-forbidden-text = Un administrateur de l’équipe peut vous donner ce droit.
problem-busy-title = Kafila est occupé
problem-failed-title = Quelque chose a échoué de notre côté
problem-failed-text = Rien de ce que vous avez enregistré n’est perdu. Réessayez ; si cela dure, donnez le code à votre administrateur.
problem-refused-title = Cela n’a pas abouti
problem-home = Aller à la première page
problem-again = Réessayer
problem-right = Droit manquant :
problem-conflict-title = Cela a changé entre-temps
problem-too-many-title = Un peu moins vite
problem-wait-seconds = { $count ->
    [one] Trop d’essais en peu de temps. Réessayez dans { $n } seconde.
    [many] Trop d’essais en peu de temps. Réessayez dans { $n } de secondes.
    *[other] Trop d’essais en peu de temps. Réessayez dans { $n } secondes.
}
problem-wait-minutes = { $count ->
    [one] Trop d’essais en peu de temps. Réessayez dans { $n } minute.
    [many] Trop d’essais en peu de temps. Réessayez dans { $n } de minutes.
    *[other] Trop d’essais en peu de temps. Réessayez dans { $n } minutes.
}
problem-offline-title = Vous êtes hors ligne
problem-offline-text = Cette page a besoin du réseau. Ce qui est enregistré est en sécurité ; réessayez une fois la connexion rétablie.
problem-back = Revenir en arrière
problem-look-up = Suivre une commande
problem-too-large-title = Trop volumineux
