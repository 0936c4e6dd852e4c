using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using static Google.Protobuf.Reflection.FieldDescriptorProto.Types;

namespace Grid.Streams.Kafka.Tests.Decoding;

/// <summary>A descriptor set as protoc would write it, and values by Google's own encoder.</summary>
internal static class ProtobufValues
{
    public static FileDescriptorSet Set()
    {
        var place = new DescriptorProto { Name = "Place", Field = { Field("city", 1, FieldDescriptorProto.Types.Type.String), Field("inner", 2, FieldDescriptorProto.Types.Type.Message, ".test.Event.Place") } };
        var message = new DescriptorProto
        {
            Name = "Event",
            NestedType = { place },
            Field =
            {
                Field("type", 1, FieldDescriptorProto.Types.Type.String),
                Field("tenant", 2, FieldDescriptorProto.Types.Type.String),
                Field("at", 3, FieldDescriptorProto.Types.Type.Message, ".google.protobuf.Timestamp"),
                Field("i", 4, FieldDescriptorProto.Types.Type.Int32),
                Field("l", 5, FieldDescriptorProto.Types.Type.Sint64),
                Field("u", 6, FieldDescriptorProto.Types.Type.Fixed64),
                Field("f", 7, FieldDescriptorProto.Types.Type.Float),
                Field("d", 8, FieldDescriptorProto.Types.Type.Double),
                Field("b", 9, FieldDescriptorProto.Types.Type.Bool),
                Field("color", 10, FieldDescriptorProto.Types.Type.Enum, ".test.Color"),
                Field("raw", 11, FieldDescriptorProto.Types.Type.Bytes),
                new FieldDescriptorProto { Name = "many", Number = 12, Type = FieldDescriptorProto.Types.Type.Int32, Label = Label.Repeated },
                Field("place", 13, FieldDescriptorProto.Types.Type.Message, ".test.Event.Place"),
                new FieldDescriptorProto { Name = "maybe", Number = 200, Type = FieldDescriptorProto.Types.Type.Int32, Label = Label.Optional, Proto3Optional = true, OneofIndex = 0 },
            },
            OneofDecl = { new OneofDescriptorProto { Name = "_maybe" } },
        };
        var file = new FileDescriptorProto
        {
            Name = "test.proto",
            Package = "test",
            Syntax = "proto3",
            Dependency = { "google/protobuf/timestamp.proto" },
            MessageType = { new DescriptorProto { Name = "Other" }, message },
            EnumType = { new EnumDescriptorProto { Name = "Color", Value = { new EnumValueDescriptorProto { Name = "RED", Number = 0 }, new EnumValueDescriptorProto { Name = "GREEN", Number = 1 } } } },
        };
        return new FileDescriptorSet { File = { TimestampReflection.Descriptor.ToProto(), file } };
    }

    /// <summary>Framed as message 1 of its file, as Confluent's serializer does.</summary>
    public static byte[] Sample(int i = 7, bool isFramed = true, bool isSparse = false)
    {
        using var stream = new MemoryStream();
        if (isFramed)
        {
            stream.Write([0, 0, 0, 0, 3, 2, 2]);
        }

        var output = new CodedOutputStream(stream);
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString("pay");
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteString("acme");
        output.WriteTag(3, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123)));
        if (!isSparse)
        {
            output.WriteTag(4, WireFormat.WireType.Varint);
            output.WriteInt32(i);
            output.WriteTag(5, WireFormat.WireType.Varint);
            output.WriteSInt64(-5);
            output.WriteTag(6, WireFormat.WireType.Fixed64);
            output.WriteFixed64(ulong.MaxValue);
            output.WriteTag(7, WireFormat.WireType.Fixed32);
            output.WriteFloat(0.5f);
            output.WriteTag(8, WireFormat.WireType.Fixed64);
            output.WriteDouble(-12.25);
            output.WriteTag(9, WireFormat.WireType.Varint);
            output.WriteBool(true);
            output.WriteTag(10, WireFormat.WireType.Varint);
            output.WriteEnum(1);
            output.WriteTag(11, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(1, 2));
            output.WriteTag(12, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(1, 2, 3));
            output.WriteTag(13, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom([10, 4, .. "Bern"u8, 18, 5, 10, 3, .. "Ulm"u8]));
            output.WriteTag(99, WireFormat.WireType.Varint);
            output.WriteInt32(1);
            output.WriteTag(200, WireFormat.WireType.Varint);
            output.WriteInt32(0);
        }

        output.Flush();
        return stream.ToArray();
    }

    private static FieldDescriptorProto Field(string name, int number, FieldDescriptorProto.Types.Type type, string? typeName = null)
    {
        var field = new FieldDescriptorProto { Name = name, Number = number, Type = type, Label = Label.Optional };
        if (typeName is not null)
        {
            field.TypeName = typeName;
        }

        return field;
    }
}
