"""Models that somebody else serves. Everything here leaves the box, and is off until allowed.

    account     who serves, where, with which key, and what it charges
    trouble     the one family of errors, whatever went wrong out there
    address     which addresses may be spoken to at all
    call        one request: how long it may take, how much it may say, and its end
    wire        the one guarded client that every provider's package is given
    engine      the walk that all of them share; what differs is in
    openai_chat, groq_chat, anthropic_messages, gemini_content
    embed       vectors from there
    registry    the providers in the store, as engines

Importing any of them loads none of the providers' packages.
"""
