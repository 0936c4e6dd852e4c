namespace Grid.Client.Http;

/// <summary>The base addresses and the one in use. It changes only when it fails, so that connections are reused. Thread-safe.</summary>
internal sealed class AddressBook
{
    private readonly Uri[] _addresses;
    private int _current;

    public AddressBook(IEnumerable<string> addresses) =>
        _addresses = [.. addresses.Select(static a => new Uri(a.EndsWith('/') ? a : a + "/"))];

    public int Count => _addresses.Length;

    public Uri Current => _addresses[Volatile.Read(ref _current)];

    public bool AllowsPlainText => Array.Exists(_addresses, static a => a.Scheme == Uri.UriSchemeHttp);

    /// <summary>Moves on from a failed address; when many callers saw it fail, only the first moves.</summary>
    public void MoveOnFrom(Uri failed)
    {
        var at = Volatile.Read(ref _current);
        if (_addresses[at] == failed)
        {
            Interlocked.CompareExchange(ref _current, (at + 1) % _addresses.Length, at);
        }
    }
}
