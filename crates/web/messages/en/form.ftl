# Forms of staff pages.

form-optional = (optional)
form-save = Save
form-cancel = Cancel
form-yes = Yes
form-no = No
form-error-title = Something in this form needs another look
form-error-window = Error: { $title }
