"""The window on the machine itself: it starts or finds the server and shows the console.

Nothing here is imported by the other commands, and `import appliance.desktop`
alone loads neither pywebview nor Qt.
"""
