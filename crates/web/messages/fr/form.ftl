# Les formulaires des pages de l’équipe.

form-optional = (facultatif)
form-save = Enregistrer
form-cancel = Annuler
form-yes = Oui
form-no = Non
form-error-title = Un point de ce formulaire est à revoir
form-error-window = Erreur : { $title }
