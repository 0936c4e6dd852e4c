namespace Grid.Client.Http;

/// <summary>What may be done with a call whose attempt failed.</summary>
internal enum CallSafety
{
    /// <summary>It changes nothing: repeat it, anywhere.</summary>
    Read,

    /// <summary>It may be repeated because the second time changes nothing: a key, a name or a digest makes sure.</summary>
    Idempotent,

    /// <summary>Sent once; the caller learns what is known and decides.</summary>
    Once,
}
