namespace Grid.Grains.Signals;

/// <summary>
/// Saves one at a time: who asks while one is under way gets the next, which begins after they asked, together with all others who do. Lives on the owning actor's scheduler.
/// </summary>
/// <param name="save">Stores what is not stored. Never called twice at the same time.</param>
internal sealed class JoinedSave(Func<Task> save)
{
    private Task? _current;
    private Task? _next;

    public Task SaveAsync()
    {
        // Asked for completion, not for null: a save that has nothing to do ends before it is assigned.
        return _current is { IsCompleted: false } before ? _next ??= AfterAsync(before) : _current = save();

        async Task AfterAsync(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            _next = null;
            await (_current = save());
        }
    }
}
