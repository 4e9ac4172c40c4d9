# Pages that say what went wrong.

problem-code = Code:
problem-not-found-title = This page is not here
problem-not-found-text = It may have moved, or belongs to a store that you do not see.
problem-forbidden-title = This is not yours to see
problem-forbidden-text = An administrator of your team can give you this right.
problem-busy-title = Kafila is busy
problem-failed-title = Something failed on our side
problem-failed-text = Nothing that you saved is lost. Try again; if it stays, tell your administrator the code.
problem-refused-title = That did not work
problem-home = Go to the first page
problem-again = Try again
problem-right = Missing right:
problem-conflict-title = It has changed meanwhile
problem-too-many-title = A little slower
problem-wait-seconds = { $count ->
    [one] You did that very often. Try again in { $n } second.
    *[other] You did that very often. Try again in { $n } seconds.
}
problem-wait-minutes = { $count ->
    [one] You did that very often. Try again in { $n } minute.
    *[other] You did that very often. Try again in { $n } minutes.
}
problem-offline-title = You are offline
problem-offline-text = This page needs the network. What you saved is safe; try again once you are connected.
problem-back = Back to where you were
problem-look-up = Look up an order
problem-too-large-title = Too large
