namespace Grid.Features.Paging;

/// <summary>A page as of a snapshot: nobody changes its buffer until the snapshot ends.</summary>
internal readonly record struct FrozenPage(int Id, byte[] Buffer, long Checksum = 0);
