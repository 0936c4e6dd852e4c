namespace Grid.Grains.Balancing.Costs;

/// <summary>
/// The keys that take most of a weighted stream, in bounded memory: Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent
/// and top-k elements in data streams", 2005) with weights. A key that finds all places taken gets the place of the lightest and inherits its weight
/// as its error. No weight is under the truth, none is over it by more than its error, and whoever took more than a share of 1 ÷ capacity is here.
/// <see cref="Scale"/> fades what is past; everything decays alike, so the order and the bounds stay. Not thread-safe.
/// </summary>
internal sealed class HeavyHitters<TKey>
    where TKey : notnull
{
    private readonly Entry[] _heap;
    private readonly Dictionary<TKey, int> _places;
    private int _count;

    /// <param name="capacity">Most keys kept, greater than zero.</param>
    public HeavyHitters(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _heap = new Entry[capacity];
        _places = new Dictionary<TKey, int>();
    }

    public int Count => _count;

    /// <summary>Weight of the whole stream, faded like its parts.</summary>
    public double Total { get; private set; }

    /// <summary>Adds to a key. Weights that are not above zero are left out.</summary>
    public void Add(TKey key, double weight)
    {
        if (!(weight > 0))
        {
            return;
        }

        Total += weight;
        if (_places.TryGetValue(key, out var place))
        {
            _heap[place].Weight += weight;
            Sink(place);
        }
        else if (_count < _heap.Length)
        {
            _heap[_count] = new Entry(key, weight, 0);
            _places[key] = _count;
            Rise(_count++);
        }
        else
        {
            var least = _heap[0];
            _places.Remove(least.Key);
            _heap[0] = new Entry(key, least.Weight + weight, least.Weight);
            _places[key] = 0;
            Sink(0);
        }
    }

    /// <summary>Multiplies every weight: 0.5 halves what is past.</summary>
    public void Scale(double factor)
    {
        Total *= factor;
        for (var i = 0; i < _count; i++)
        {
            _heap[i].Weight *= factor;
            _heap[i].Error *= factor;
        }
    }

    /// <summary>What is known of a key: at least <c>Sure</c>, at most <c>Most</c>; both 0 where it is not kept.</summary>
    public (double Sure, double Most) Find(TKey key) =>
        _places.TryGetValue(key, out var place) ? (_heap[place].Weight - _heap[place].Error, _heap[place].Weight) : (0, 0);

    /// <summary>Every key that is kept, with the weight that it has for sure, in no order.</summary>
    public IEnumerable<(TKey Key, double Sure)> Entries()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return (_heap[i].Key, _heap[i].Weight - _heap[i].Error);
        }
    }

    private void Rise(int place)
    {
        while (place > 0 && _heap[place].Weight < _heap[(place - 1) / 2].Weight)
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            var least = (2 * place) + 1;
            if (least >= _count)
            {
                return;
            }

            if (least + 1 < _count && _heap[least + 1].Weight < _heap[least].Weight)
            {
                least++;
            }

            if (_heap[place].Weight <= _heap[least].Weight)
            {
                return;
            }

            Swap(place, least);
            place = least;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _places[_heap[a].Key] = a;
        _places[_heap[b].Key] = b;
    }

    /// <summary>A place in the heap; the lightest is on top.</summary>
    private record struct Entry(TKey Key, double Weight, double Error);
}
