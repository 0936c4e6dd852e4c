namespace Grid.Monitoring.Sketches;

/// <summary>
/// Something for each of the tenants with most rows, in bounded memory. Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k
/// elements in data streams", 2005): a tenant that finds all places taken gets that of the lightest, begins anew and inherits its weight, so that whoever sends more than
/// a share of 1 ÷ places is here. Not thread-safe.
/// </summary>
/// <param name="places">Most tenants.</param>
/// <param name="make">Makes what a tenant begins with.</param>
/// <param name="clear">Makes it so again.</param>
internal sealed class TenantPlaces<T>(int places, Func<T> make, Action<T> clear)
    where T : class
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    public int Count => _places.Count;

    /// <summary>In the order of the tenants' names.</summary>
    public IEnumerable<(string Tenant, long Weight, T Content)> All =>
        _places.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => (p.Key, p.Value.Weight, p.Value.Content));

    /// <summary>A tenant's content, for one more row of it.</summary>
    public T Take(string tenant)
    {
        if (!_places.TryGetValue(tenant, out var place))
        {
            if (_places.Count < places)
            {
                place = new Place(make());
            }
            else
            {
                // A few dozen places: looking at all of them costs less than keeping them in order.
                (var lightest, place) = _places.MinBy(static p => p.Value.Weight);
                _places.Remove(lightest);
                clear(place.Content);
            }

            _places.Add(tenant, place);
        }

        place.Weight++;
        return place.Content;
    }

    /// <summary>Adds those of another, each into a content of its own, and keeps the heaviest.</summary>
    public void Merge(TenantPlaces<T> other, Action<T, T> merge)
    {
        foreach (var (tenant, weight, content) in other.All)
        {
            if (!_places.TryGetValue(tenant, out var place))
            {
                _places.Add(tenant, place = new Place(make()));
            }

            place.Weight += weight;
            merge(place.Content, content);
        }

        foreach (var (tenant, _) in _places.OrderByDescending(static p => p.Value.Weight).ThenBy(static p => p.Key, StringComparer.Ordinal).Skip(places).ToArray())
        {
            _places.Remove(tenant);
        }
    }

    /// <summary>Puts a stored one back.</summary>
    public void Restore(string tenant, long weight, T content) => _places.Add(tenant, new Place(content) { Weight = weight });

    private sealed class Place(T content)
    {
        public T Content => content;

        /// <summary>Rows, and those of whoever had the place before.</summary>
        public long Weight { get; set; }
    }
}
