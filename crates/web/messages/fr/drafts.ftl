# New orders, drafts, offers.

shell-nav-drafts = Brouillons

draft-new-window = Nouvelle commande · Commandes · Kafila
draft-new-title = Nouvelle commande
draft-new-subtitle = Le numéro d’abord : les clients connus sont préremplis.
draft-window = { $name } · Brouillons · Kafila
draft-nobody = Personne encore
draft-nothing = Encore vide
draft-refresh = Calculer
draft-phone = Numéro de téléphone
draft-name = Nom
draft-wilaya = Wilaya
draft-commune = Commune
draft-province = Province
draft-city = Ville
draft-choose = Choisir
draft-record = { $orders } commandes, { $delivered } livrées, { $returned } retournées
draft-use = Reprendre
draft-used = Repris
draft-title = Désignation
draft-remove = Retirer { $title }
draft-find = Produit ou SKU
draft-find-go = Chercher
draft-found = Trouvé au catalogue
draft-add-free = Ajouter « { $title } » hors catalogue
draft-more = Plus
draft-more-hint = Source, paiement, priorité, jour
draft-source = Source
draft-fee-of-store = Ceux de la boutique
draft-is-test = Commande test
draft-sums = Total
draft-discount-hint = 500 ou 10%
draft-note = Note pour l’équipe
draft-no-total = Pas encore de total
draft-lacks = Il manque
draft-place = Passer la commande
draft-save = Enregistrer le brouillon
draft-save-as = Garder en brouillon
draft-wrong = Voir les champs signalés.
draft-placed-already = Ce formulaire a déjà été envoyé avec un autre contenu. Un nouvel envoi passe une deuxième commande.
draft-stale = Quelqu’un a modifié ce brouillon entre-temps. À comparer, puis garder l’une des deux versions.
draft-keep-mine = Garder la mienne
draft-keep-theirs = Garder la leur
draft-saved = Brouillon enregistré
draft-again = Brouillon créé à partir de la commande
draft-deleted = Brouillon supprimé
draft-unshared = Le lien ne fonctionne plus
draft-changes = { $count ->
    [one] { $n } chose diffère aujourd’hui de la commande reprise : prix, nom ou fin de vente.
    *[other] { $n } choses diffèrent aujourd’hui de la commande reprise : prix, noms ou fin de vente.
}
draft-expires = Disparaît le { $at }
draft-share = Lien pour le client
draft-share-text-hint = Le client voit l’offre par le lien et l’accepte sur place.
draft-share-make = Créer un lien
draft-share-new = Créer un nouveau lien
draft-share-end = Désactiver le lien
draft-share-text = Votre offre de { $store } : { $link }
draft-link = Lien
draft-link-once = Le lien s’affiche une seule fois. Un nouveau lien remplace celui-ci.
draft-link-until = Lien valable jusqu’au { $at }
draft-copy = Copier
draft-delete = Supprimer le brouillon
draft-delete-text = Le brouillon disparaît avec son contenu et son lien. C’est définitif.
draft-state-open = Ouvert
draft-state-shared = Partagé
draft-state-placed = Passé

drafts-window = Brouillons · Kafila
drafts-title = Brouillons
drafts-subtitle = Commandes en préparation : paniers, devis, commandes prises par message
drafts-views = Brouillons par état
drafts-open = Ouverts
drafts-placed = Passés
drafts-empty-title = Les brouillons apparaîtront ici
drafts-empty-text = Une nouvelle commande se garde en brouillon quand il manque quelque chose, ou se partage d’abord avec le client.
drafts-none-title = Aucun brouillon passé
drafts-none-text = Les brouillons devenus commandes restent ici un moment.
drafts-count = { $count ->
    [one] { $n } brouillon
    *[other] { $n } brouillons
}

quote-window = { $title } · { $store }
quote-title = Votre offre
quote-placed-title = Votre commande
quote-spent-title = Ce lien n’est plus valable
quote-spent-text = Il a déjà servi ou il est trop ancien. La boutique peut en envoyer un nouveau.
quote-placed-text = Merci. Votre commande { $number } est passée.
quote-to = Pour
quote-accept = Accepter et commander
quote-until = L’offre est valable jusqu’au { $at }
quote-not-ready = La boutique prépare encore cette offre.

error-amount-text = Écrire un montant comme 1500 ou 1500,50.
error-discount-text = Écrire un montant comme 500 ou une part comme 10%.
