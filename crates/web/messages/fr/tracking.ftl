# Looking an order up, the page of one order, a customer's own orders.

track-window = { $title } · { $store }
track-privacy = Votre numéro et votre adresse ne sont pas affichés en entier sur cette page.

# Looking an order up

track-find-title = Où est ma commande ?
track-find-intro = Saisissez le numéro de votre commande. Avec les quatre derniers chiffres de votre téléphone, vous en voyez le détail.
track-find-number = Numéro de commande
track-find-number-hint = Il figure dans le message qui a confirmé votre commande.
track-find-proof = Quatre derniers chiffres de votre téléphone, ou votre e-mail
track-find-proof-hint = Ceux que vous avez donnés avec la commande. Sans eux, la page dit seulement où en est la commande.
track-find-button = Rechercher
track-find-more = Pour voir le colis, le montant et l’adresse, ajoutez les quatre derniers chiffres de votre téléphone.
track-find-several = Plusieurs commandes correspondent. Choisissez la vôtre.
track-help = Rien trouvé ?
track-help-number = Vérifiez le numéro dans votre message : deux chiffres s’inversent vite.
track-help-phone = Utilisez le téléphone donné à la commande, même si un autre a reçu l’appel.
track-help-store = Une nouvelle commande peut mettre quelques minutes à apparaître. Ensuite, la boutique peut vous aider.

# One order

track-order = Commande { $number }
track-state = Où en est la commande
track-route = Le parcours de votre commande
track-progress = Avancement de la commande : { $percent }
track-items = Dans le colis
track-pay-door = À payer à la livraison
track-pay-open = À payer
track-pay-nothing = Plus rien à payer
track-pay-total = Total
track-parcel = Colis
track-parcel-number = Numéro de suivi
track-news = Nouvelles du colis
track-said = De la boutique
track-address = Adresse de livraison
track-contact = Une question sur cette commande ?
track-contact-text = { $store } vous aide. Gardez le numéro { $number } sous la main.
track-call = Appeler
track-whatsapp = WhatsApp
track-hello = Bonjour, c’est au sujet de la commande { $number }.
track-reload = Actualiser
track-as-of = État à { $time }
track-mine = Toutes mes commandes
track-other = Chercher une autre commande
track-spent-title = Ce lien ne fonctionne plus
track-spent-text = Il est trop ancien ou la boutique l’a désactivé. Recherchez votre commande par son numéro.
track-off-title = Cette page n’existe pas
track-off-text = La boutique ne montre pas ses commandes ici. Demandez-lui directement.

# Where it stands: a heading and what it means

track-h-received = Nous avons votre commande
track-s-received = Nous vous appellerons pour la confirmer. Gardez votre téléphone à portée.
track-h-not-reached = Nous n’avons pas pu vous joindre
track-s-not-reached = Nous avons appelé pour confirmer votre commande et réessaierons. Vous pouvez aussi nous appeler.
track-h-confirmed = Votre commande est confirmée
track-s-confirmed = Nous allons la préparer.
track-h-waiting = Votre commande attend un réassort
track-s-waiting = Un article est épuisé pour le moment. Nous expédions dès qu’il arrive.
track-h-preparing = Nous préparons votre colis
track-s-preparing = Il part ensuite chez le transporteur.
track-h-sent = Votre commande est en route
track-s-sent = Le transporteur l’a. Vous recevrez un appel avant la livraison.
track-h-at-office = Votre colis vous attend
track-s-at-office = Il est au bureau du transporteur. Appelez-nous si vous ne savez pas lequel.
track-h-near = Votre commande est avec le livreur
track-s-near = Gardez votre téléphone à portée ; vous recevrez un appel.
track-h-not-met = Le livreur ne vous a pas trouvé
track-s-not-met = Choisissez un autre jour ci-dessous ou appelez-nous ; votre colis est en sécurité.
track-h-delivered = Votre commande est livrée
track-s-delivered = Merci. Si quelque chose ne va pas, dites-le-nous ci-dessous.
track-h-return-asked = Vous avez demandé un retour
track-s-return-asked = Nous l’étudions et vous répondons.
track-h-return-accepted = Votre retour est accepté
track-s-return-accepted = Remettez le colis comme convenu avec la boutique.
track-h-returning = Votre colis retourne à la boutique
track-s-returning = Il n’a pas été remis. Si vous le voulez encore, appelez-nous vite.
track-h-back = Votre colis est revenu à la boutique
track-s-back = Si vous voulez encore la commande, ou si l’on vous doit de l’argent, appelez-nous.
track-h-refunded = Vous avez été remboursé
track-s-refunded = Cette commande est close. Si rien n’est arrivé, appelez-nous.
track-h-cancelled = Cette commande est annulée
track-s-cancelled = Rien ne sera livré et rien n’est à payer. S’il s’agit d’une erreur, appelez-nous.
track-h-lost = Votre colis est perdu
track-s-lost = Nous en sommes désolés. Appelez-nous : nous le renvoyons ou vous remboursons.

# The promise

track-promise-today = Attendue aujourd’hui, { $day }
track-promise-tomorrow = Attendue demain, { $day }
track-promise-on = Attendue { $day }
track-promise-late = Promise pour { $day }, elle est en retard. Nous nous en occupons ; appelez-nous si c’est urgent.
track-day = { $weekday } { $date }
track-at = { $weekday } { $date }, { $time }
track-at-today = Aujourd’hui, { $time }
track-monday = lundi
track-tuesday = mardi
track-wednesday = mercredi
track-thursday = jeudi
track-friday = vendredi
track-saturday = samedi
track-sunday = dimanche

# Stops of the way

track-stage-received = Commande reçue
track-stage-confirmed = Confirmée avec vous
track-stage-prepared = Colis en préparation
track-stage-sent = Chez le transporteur
track-stage-near = Avec le livreur
track-stage-delivered = Livrée
track-stage-return-asked = Retour demandé
track-stage-return-accepted = Retour accepté
track-stage-back = Revenue à la boutique
track-stage-refunded = Remboursée
track-stage-cancelled = Annulée

# Words of couriers

track-news-packed = Emballé
track-news-picked-up = Pris en charge
track-news-in-transit = En transit
track-news-at-hub = Au centre de tri
track-news-at-office = Au bureau du transporteur
track-news-out = Avec le livreur
track-news-failed = Non remis
track-news-delivered = Livré
track-news-returned = Revenu à la boutique

# What a customer asks for

track-ask = Demander un changement
track-ask-return = Signaler un problème ou un retour
track-ask-intro = La boutique la lit et vous répond. Rien ne change avant.
track-ask-what = Sujet
track-ask-text = Avec vos mots
track-ask-send = Envoyer
track-ask-done = La boutique a votre message et vous répondra.
track-wish-day = Un autre jour de livraison
track-wish-address = Corriger l’adresse
track-wish-cancel = Annuler la commande
track-wish-return = Retour ou échange
track-wish-other = Autre chose
# What a customer changes herself

track-own = Votre commande entre vos mains
track-own-change = Modifier articles, jour ou adresse
track-own-change-less = Modifier le jour ou l’adresse
track-own-cancel = Annuler la commande
track-own-back = Retour à la commande
track-own-over = Cette commande ne peut plus être modifiée ici. Écrivez à la boutique depuis sa page, ou appelez.
track-own-proof-hint = Ceux de la commande, pour que personne d’autre ne puisse la modifier.
track-change-title = Modifier votre commande
track-change-intro = Remplissez seulement ce qui doit changer ; le reste ne bouge pas.
track-change-done = Votre commande est modifiée. La boutique le voit.
track-change-items = Articles
track-change-items-hint = Combien de chacun ; 0 le retire.
track-change-when = Livraison
track-change-day = Un autre jour
track-change-day-hint = De demain à dans 30 jours.
track-change-where = Adresse
track-change-street = Rue, bâtiment, porte
track-change-city = Ville ou commune
track-change-province = Wilaya ou province
track-change-keep = Sans changement
track-change-who = Destinataire
track-change-name = Nom
track-change-phone = Téléphone
track-change-save = Enregistrer la modification
track-cancel-title = Annuler votre commande
track-cancel-intro = La commande { $number } ne sera pas livrée et rien n’est à payer. Cela ne peut pas être défait ici.
track-cancel-why = Raison
track-cancel-text-hint = Nécessaire si vous choisissez une autre raison.
track-cancel-do = Annuler la commande
track-cancel-done = Votre commande est annulée.
track-reason-changed-mind = Je n’en veux plus
track-reason-delivery-time = La livraison prend trop de temps
track-reason-price = C’est trop cher
track-reason-duplicate = Je l’ai commandée deux fois
track-reason-other = Une autre raison

# A customer's own orders

mine-title = Mes commandes
mine-intro = Saisissez le numéro ou l’e-mail avec lequel vous commandez. Vous recevez un code qui ouvre la liste de vos commandes.
mine-contact = Téléphone ou e-mail
mine-contact-button = Recevoir un code
mine-have-code = J’ai déjà un code
mine-code-title = Saisissez votre code
mine-code-sent = Si { $contact } appartient à l’un de nos clients, un code est en route par e-mail. Pas d’e-mail ? Appelez la boutique : on vous lit un code.
mine-code = Code à six chiffres
mine-code-hint = Il est valable 10 minutes.
mine-code-button = Ouvrir mes commandes
mine-again = Autre numéro
mine-leave = Quitter
mine-over = Votre accès est terminé. Demandez un nouveau code pour continuer.
mine-left = Vous êtes sorti. Vos commandes sont fermées sur cet appareil.
mine-figures = Vos chiffres
mine-orders = Commandes
mine-coming = En cours
mine-delivered = Livrées
mine-spent = Achats
mine-back = Annulées ou retournées
mine-since = Client depuis { $date }
mine-more-figures = Plus de chiffres
mine-kept = Gardé de ce qui est arrivé
mine-spent-total = En tout
mine-spent-average = Par commande, en moyenne
mine-months = Les douze derniers mois
mine-month = Mois
mine-bar = Commandes en barre
mine-search = Chercher dans mes commandes
mine-show = Afficher
mine-show-all = Toutes
mine-show-coming = En cours
mine-show-delivered = Livrées
mine-show-ended = Annulées ou retournées
mine-sort = Tri
mine-sort-newest = Les plus récentes
mine-sort-oldest = Les plus anciennes
mine-sort-total = Le montant le plus élevé
mine-apply = Appliquer
mine-empty-title = Pas encore de commande
mine-empty-text = Dès que vous commandez, elle apparaît ici.
mine-none-title = Rien ne correspond
mine-none-text = Aucune de vos commandes ne correspond à cette recherche.
mine-none-clear = Voir toutes les commandes
mine-many = Les { $n } commandes les plus récentes sont prises en compte.
mine-lost-title = Quelle boutique ?
mine-lost-text = Ouvrez cette page depuis un message de votre boutique, ou recherchez une commande par son numéro.
mine-things = { $count ->
    [one] { $n } article
    [many] { $n } articles
   *[other] { $n } articles
}

# What can go wrong

error-setting-phone = Attendu : un numéro avec l’indicatif du pays, par exemple +213 550 14 23 87.
error-setting-colour = Attendu : une couleur telle que #0b6b5d.
error-setting-contrast = Le blanc n’est pas lisible sur cette couleur : contraste { $found }, au moins 4,5. Choisissez-en une plus foncée.
error-tracking-no-match = Aucune commande ne correspond. Vérifiez le numéro et les chiffres.
error-tracking-proof = Plusieurs commandes portent ce numéro. Ajoutez les quatre derniers chiffres de votre téléphone.
error-tracking-code = Ce code ne convient pas ou est trop ancien. Demandez-en un autre.
error-tracking-wish = Ce n’est plus possible pour cette commande. Appelez la boutique.
error-tracking-wishes = La boutique a déjà plusieurs messages de vous aujourd’hui. Appelez-la ou écrivez demain.
error-tracking-own-proof = Cela ne correspond pas à la commande. Tapez les quatre derniers chiffres de son téléphone, ou votre adresse e-mail.
error-tracking-not-hers = La commande est trop avancée pour être modifiée ici. Écrivez à la boutique depuis sa page, ou appelez.
error-tracking-day = Choisissez un jour du { $first } au { $last }.
error-file-logo = Un logo est une image : PNG, JPEG ou WebP. Le SVG n’est pas accepté, car il peut contenir des programmes.
error-contact = Attendu : un numéro de téléphone ou une adresse e-mail.
